import type * as t from "@babel/types";
import type { ParsedSource } from "../../workspace-model/parsed-source.ts";
import type { SourceFile } from "../../workspace-model/source-file.ts";
import { childrenOf, isThere } from "../../workspace-model/syntax.ts";
import { type CodeStyle, quoted } from "../code-style.ts";
import { freeName } from "./names.ts";
import { importedStem, stemOf } from "./uri-path.ts";

/** What takes the place of a stretch of a file. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A file that is made, or changed. */
export interface FileChange {
  readonly uri: string;
  readonly isNew: boolean;
  /** Those of a new file are its text. In the order of the file, none within another. */
  readonly edits: readonly TextEdit[];
}

/** The parser: it is loaded when it is used, so it is handed in. */
export type ParseSource = (file: SourceFile) => ParsedSource;

interface Wanted {
  readonly exported: string;
  readonly local: string;
  isType: boolean;
}

/** A module that is being changed, or written anew: what it imports, which names are taken, and what is added where. */
export class ModuleDraft {
  readonly uri: string;
  readonly style: CodeStyle;
  readonly isNew: boolean;
  readonly source: ParsedSource;
  readonly #names: Set<string>;
  readonly #wanted = new Map<string, Wanted[]>();
  readonly #edits: TextEdit[] = [];
  readonly #sections: string[] = [];

  /** @throws SyntaxFault where the text cannot be parsed. */
  constructor(uri: string, text: string | undefined, style: CodeStyle, parse: ParseSource) {
    this.uri = uri;
    this.style = style;
    this.isNew = text === undefined;
    this.source = parse({ uri, text: text ?? "" });
    this.#names = new Set(identifiersIn(this.source.program));
  }

  get isTypeScript(): boolean {
    return /\.[cm]?tsx?$/.test(this.uri);
  }

  isTaken(name: string): boolean {
    return this.#names.has(name);
  }

  /** Takes the first of these names that is free. */
  declare(...candidates: readonly string[]): string {
    const name = freeName(candidates, (one) => this.#names.has(one));
    this.#names.add(name);
    return name;
  }

  /**
   * The name by which an export of another module is known here, which is imported where it is not yet.
   * @param aliases names to take instead where its own is taken by something else.
   */
  import(specifier: string, exported: string, aliases: readonly string[] = [], isType = false): string {
    const known = this.#importedAs(specifier, exported, isType);
    if (known !== undefined) return known;
    const wanted = this.#wanted.get(specifier) ?? [];
    const already = wanted.find((one) => one.exported === exported);
    if (already !== undefined) {
      already.isType &&= isType;
      return already.local;
    }
    const local = this.declare(...(exported === "default" ? [] : [exported]), ...aliases);
    this.#wanted.set(specifier, [...wanted, { exported, local, isType }]);
    return local;
  }

  insert(offset: number, text: string): void {
    this.#edits.push({ start: offset, end: offset, text });
  }

  /** Puts something in the place of blanks. */
  replaceBlank(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Adds a part before the statement that an offset lies in, and before its comments. */
  insertBefore(offset: number, section: string): void {
    const statement = this.source.program.body.find(({ end }) => (end ?? 0) > offset);
    const start = statement?.leadingComments?.[0]?.start ?? statement?.start ?? offset;
    this.insert(start, `${section}\n\n`);
  }

  /** Lets others import what a statement declares. */
  export(statement: number): void {
    if (!this.#edits.some(({ start, text }) => start === statement && text === "export "))
      this.insert(statement, "export ");
  }

  /** Adds a part at the end of a new file, with a blank line before it. */
  append(section: string): void {
    this.#sections.push(section);
  }

  change(): FileChange {
    const { lineEnd } = this.style;
    const edits = this.isNew ? [{ start: 0, end: 0, text: this.#newText() }] : [...this.#edits, ...this.#importEdits()];
    return {
      uri: this.uri,
      isNew: this.isNew,
      edits: edits
        .map(({ text, ...at }) => ({ ...at, text: text.replaceAll("\n", lineEnd) }))
        .toSorted((one, other) => one.start - other.start || one.end - other.end),
    };
  }

  get isChanged(): boolean {
    return this.isNew ? this.#sections.length > 0 : this.#edits.length > 0;
  }

  #newText(): string {
    const imports = [...this.#wanted]
      .toSorted(([one], [other]) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1))
      .map(([specifier, wanted]) => this.#importText(specifier, wanted));
    return `${[...(imports.length === 0 ? [] : [imports.join("\n")]), ...this.#sections].join("\n\n")}\n`;
  }

  #importEdits(): readonly TextEdit[] {
    const edits: TextEdit[] = [];
    const added: string[] = [];
    for (const [specifier, wanted] of this.#wanted) {
      const declaration = this.#imports().find(
        (one) =>
          this.#isSame(one.source.value, specifier) &&
          one.specifiers.some(({ type }) => type === "ImportSpecifier") &&
          (one.importKind !== "type" || wanted.every(({ isType }) => isType)),
      );
      if (declaration === undefined) added.push(this.#importText(specifier, wanted));
      else edits.push(this.#merged(declaration, wanted));
    }
    if (added.length === 0) return edits;
    const last = this.#imports().at(-1);
    const text = added.join("\n");
    if (last !== undefined) return [...edits, { start: last.end ?? 0, end: last.end ?? 0, text: `\n${text}` }];
    const start = this.#startOfCode();
    return [...edits, { start, end: start, text: `${text}\n\n` }];
  }

  #merged(declaration: t.ImportDeclaration, wanted: readonly Wanted[]): TextEdit {
    const { text } = this.source;
    const isOfTypes = declaration.importKind === "type";
    const names = wanted.map((one) => specifierText(one, isOfTypes));
    const last = declaration.specifiers.at(-1);
    const end = last?.end ?? 0;
    const lineStart = text.lastIndexOf("\n", (last?.start ?? 0) - 1) + 1;
    const before = text.slice(lineStart, last?.start ?? 0);
    if (/^\s+$/.test(before)) return { start: end, end, text: names.map((name) => `,\n${before}${name}`).join("") };
    const line = text.slice(lineStart, declaration.end ?? 0);
    if (line.length + names.join(", ").length + 2 <= this.style.width)
      return { start: end, end, text: names.map((name) => `, ${name}`).join("") };
    const first = declaration.specifiers.find(({ type }) => type === "ImportSpecifier");
    const open = text.lastIndexOf("{", first?.start ?? 0);
    const close = text.indexOf("}", end);
    const all = [
      ...declaration.specifiers
        .filter(({ type }) => type === "ImportSpecifier")
        .map(({ start, end }) => text.slice(start ?? 0, end ?? 0)),
      ...names,
    ];
    return { start: open, end: close + 1, text: this.#lines(all) };
  }

  #importText(specifier: string, wanted: readonly Wanted[]): string {
    const isOfTypes = wanted.every(({ isType }) => isType);
    const names = wanted
      .map((one) => specifierText(one, isOfTypes))
      .toSorted((one, other) => (one.replace(/^type /, "") < other.replace(/^type /, "") ? -1 : 1));
    const start = isOfTypes ? "import type" : "import";
    const from = `from ${quoted(specifier, this.style)}${this.style.hasSemicolons ? ";" : ""}`;
    const [whole] = wanted;
    if (whole?.exported === "default") return `import ${whole.local} ${from}`;
    const line = `${start} { ${names.join(", ")} } ${from}`;
    return line.length <= this.style.width ? line : `${start} ${this.#lines(names)} ${from}`;
  }

  #lines(names: readonly string[]): string {
    const { indent, hasTrailingCommas } = this.style;
    return `{\n${names.map((name) => indent + name).join(",\n")}${hasTrailingCommas ? "," : ""}\n}`;
  }

  #importedAs(specifier: string, exported: string, isType: boolean): string | undefined {
    for (const declaration of this.#imports()) {
      if (!this.#isSame(declaration.source.value, specifier)) continue;
      for (const one of declaration.specifiers) {
        if (one.type !== "ImportSpecifier") continue;
        const name = one.imported.type === "Identifier" ? one.imported.name : one.imported.value;
        const isForTypes = declaration.importKind === "type" || one.importKind === "type";
        if (name === exported && (isType || !isForTypes)) return one.local.name;
      }
    }
    return undefined;
  }

  #isSame(one: string, other: string): boolean {
    const stem = importedStem(this.uri, one);
    return one === other || (stem !== undefined && stem === importedStem(this.uri, other));
  }

  /** The module that something of this file is imported from already, as it is written here. */
  specifierOf(uri: string): string | undefined {
    const stem = stemOf(uri);
    return this.modules.find((module) => importedStem(this.uri, module) === stem);
  }

  /** All that it imports, or hands on from. */
  get modules(): readonly string[] {
    return this.source.program.body.flatMap((one) => {
      const isImport =
        one.type === "ImportDeclaration" ||
        one.type === "ExportNamedDeclaration" ||
        one.type === "ExportAllDeclaration";
      return isImport && isThere(one.source) ? [one.source.value] : [];
    });
  }

  #imports(): readonly t.ImportDeclaration[] {
    return this.source.program.body.filter((one) => one.type === "ImportDeclaration");
  }

  /** Behind what has to stand first: `#!`, directives, and a comment about the file as a whole. */
  #startOfCode(): number {
    const { program, text } = this.source;
    const directive = program.directives.at(-1);
    const [head = ""] = /^(?:#![^\n]*\n)?(?:\/\*[\s\S]*?\*\/[ \t]*\r?\n[ \t]*\r?\n)?/.exec(text) ?? [];
    const behind = directive?.end ?? 0;
    const [blank = ""] = /^[;\s]*/.exec(text.slice(behind)) ?? [];
    return directive === undefined ? head.length : behind + blank.length;
  }
}

const specifierText = ({ exported, local, isType }: Wanted, isOfTypes: boolean): string =>
  `${isType && !isOfTypes ? "type " : ""}${exported === local ? exported : `${exported} as ${local}`}`;

/** Node's modules first, then packages, then files of the own. */
const rankOf = (specifier: string): number =>
  specifier.startsWith("node:") ? 0 : specifier.startsWith("../") ? 2 : specifier.startsWith(".") ? 3 : 1;

/** Every name that the module declares or uses anywhere, so that nothing new hides it, nor is hidden by it. */
function* identifiersIn(node: t.Node): Generator<string> {
  if (node.type === "Identifier") yield node.name;
  for (const child of childrenOf(node)) {
    const isName = "computed" in node && node.computed !== true && "property" in node && child === node.property;
    const isKey =
      "computed" in node &&
      node.computed !== true &&
      "key" in node &&
      child === node.key &&
      !("shorthand" in node && node.shorthand === true);
    if (!isName && !isKey) yield* identifiersIn(child);
  }
}
