import type { WorkspaceModel } from "../../workspace-model/declarations.ts";
import type { CodeStyle } from "../code-style.ts";
import { type FileChange, ModuleDraft, type ParseSource } from "./module-draft.ts";
import { freeName } from "./names.ts";
import { HandlerNotWritten } from "./not-written.ts";
import { packageFacts, type PackageFacts } from "./package-facts.ts";
import { readStyle } from "./read-style.ts";
import type { Sources } from "./sources.ts";
import { baseNameOf, directoryOf, relativePath } from "./uri-path.ts";

/** All files that one handler makes or changes, and how they refer to each other. */
export class Drafts {
  readonly #sources: Sources;
  readonly #model: Pick<WorkspaceModel, "messages">;
  readonly #parse: ParseSource;
  readonly #drafts = new Map<string, ModuleDraft>();
  readonly #facts = new Map<string, Promise<PackageFacts>>();

  constructor(sources: Sources, model: Pick<WorkspaceModel, "messages">, parse: ParseSource) {
    this.#sources = sources;
    this.#parse = parse;
    this.#model = model;
  }

  /** What the package of a file, be it there or not, says. */
  facts(uri: string): Promise<PackageFacts> {
    const directory = directoryOf(uri);
    const known = this.#facts.get(directory) ?? packageFacts(uri, this.#sources);
    this.#facts.set(directory, known);
    return known;
  }

  /** A file that is there. @throws HandlerNotWritten where it is gone, cannot be parsed, or loads modules otherwise. */
  async open(uri: string): Promise<ModuleDraft> {
    const known = this.#drafts.get(uri);
    if (known !== undefined) return known;
    const text = await this.#sources.read(uri);
    if (text === undefined) throw new HandlerNotWritten("unreadable", uri);
    const { style } = await this.facts(uri);
    const draft = parsed(uri, text, readStyle(text, style), this.#parse);
    if (draft.modules.length === 0 && /\brequire\(\s*["']/.test(text)) throw new HandlerNotWritten("requires", uri);
    this.#drafts.set(uri, draft);
    return draft;
  }

  /** A file that is there, or a new one of that name. */
  async openOrMake(uri: string, like: CodeStyle): Promise<ModuleDraft> {
    const isThere =
      this.#drafts.has(uri) ||
      (await this.#sources.list(directoryOf(uri))).includes(decodeURIComponent(baseNameOf(uri)));
    return isThere ? this.open(uri) : this.#make(uri, like);
  }

  /** A new file, under the first of these names that is free. */
  async make(directory: string, names: readonly string[], end: string, like: CodeStyle): Promise<ModuleDraft> {
    const listed = new Set((await this.#sources.list(directory)).map((name) => name.toLowerCase()));
    const uriOf = (name: string): string => `${directory}/${encodeURIComponent(name)}${end}`;
    const isTaken = (name: string): boolean =>
      listed.has(`${name}${end}`.toLowerCase()) || this.#drafts.has(uriOf(name)) || this.#hasTest(listed, name, end);
    return this.#make(uriOf(freeName(names, isTaken, "-")), like);
  }

  /** A file and its test are called alike, so a name is free where it is for both. */
  #hasTest(listed: ReadonlySet<string>, name: string, end: string): boolean {
    return listed.has(`${name}.test${end}`.toLowerCase()) || listed.has(`${name}.spec${end}`.toLowerCase());
  }

  #make(uri: string, like: CodeStyle): ModuleDraft {
    // The more of a package is seen, the surer is how long its lines may be.
    const width = Math.max(like.width, ...[...this.#drafts.values()].map(({ style }) => style.width));
    const draft = new ModuleDraft(uri, undefined, { ...like, width }, this.#parse);
    this.#drafts.set(uri, draft);
    return draft;
  }

  /** How `from` names the module `to` in an import. */
  async specifier(from: ModuleDraft, to: string): Promise<string> {
    const written = from.specifierOf(to);
    if (written !== undefined) return written;
    const [here, there] = await Promise.all([this.facts(from.uri), this.facts(to)]);
    if (here.directory !== there.directory && there.name !== undefined) return this.#packageSpecifier(to) ?? there.name;
    const path = relativePath(from.uri, to);
    if (!/\.[cm]?tsx?$/.test(to)) return path;
    const example = this.#examples(from, here).find((one) => /^\.{1,2}\//.test(one));
    const end = example === undefined ? here.importEnd : endOf(example);
    return end === ".ts" ? path : path.replace(/\.([cm]?)tsx?$/, end === ".js" ? ".$1js" : "");
  }

  /** How a file of another package is imported by those that are open: from the package, or from a part of it. */
  #packageSpecifier(to: string): string | undefined {
    const names = new Set(
      this.#model.messages.filter(({ place }) => place.uri === to).map(({ identifier }) => identifier),
    );
    for (const { source } of this.#drafts.values()) {
      for (const one of source.program.body) {
        if (one.type !== "ImportDeclaration" || one.source.value.startsWith(".")) continue;
        const isIt = one.specifiers.some(
          (name) =>
            name.type === "ImportSpecifier" && name.imported.type === "Identifier" && names.has(name.imported.name),
        );
        if (isIt) return one.source.value;
      }
    }
    return undefined;
  }

  /** Imports that show how this package names its files. */
  #examples(from: ModuleDraft, { directory }: PackageFacts): readonly string[] {
    const own = [...this.#drafts.values()].filter(
      ({ uri }) => directory === undefined || uri.startsWith(`${directory}/`),
    );
    return [from, ...own].flatMap(({ modules }) => modules);
  }

  changes(): readonly FileChange[] {
    return [...this.#drafts.values()].filter(({ isChanged }) => isChanged).map((draft) => draft.change());
  }
}

const endOf = (specifier: string): ".ts" | ".js" | "" =>
  /\.[cm]?tsx?$/.test(specifier) ? ".ts" : /\.[cm]?jsx?$/.test(specifier) ? ".js" : "";

function parsed(uri: string, text: string, style: CodeStyle, parse: ParseSource): ModuleDraft {
  try {
    return new ModuleDraft(uri, text, style, parse);
  } catch (cause) {
    throw new HandlerNotWritten("unreadable", uri, { cause });
  }
}
