import { type ModuleMap, moduleMap } from "./modules.ts";
import { TRANSPORT } from "./transport.ts";

/** What of a file tells whether it matters, without parsing it. */
interface Entry {
  /** It names the transport. */
  readonly mentions: boolean;
  /** What it imports, hands on or requires. */
  readonly modules: readonly string[];
}

const MODULES = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(?:"([^"\n]+)"|'([^'\n]+)')/g;

/** A file that tells where modules are. */
export const isManifest = (uri: string): boolean => /(?:^|\/)(?:package|tsconfig|jsconfig)\.json$/.test(uri);

/**
 * All files of a workspace, as far as it takes to tell those that can declare or send messages: they name the transport, or import
 * from one that does, over however many files.
 */
export class SourceIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #manifests = new Map<string, string>();
  /** Where modules are, and which files matter: worked out when they are asked for, and kept until something else is so. */
  #modules: ModuleMap | undefined;
  #relevant: ReadonlySet<string> | undefined;

  has(uri: string): boolean {
    return this.#entries.has(uri);
  }

  /** All files that are known in a folder and below it. @param folder without a slash at its end */
  within(folder: string): readonly string[] {
    return [...this.#entries.keys(), ...this.#manifests.keys()].filter((uri) => uri.startsWith(`${folder}/`));
  }

  set(uri: string, text: string): void {
    if (isManifest(uri)) {
      if (this.#manifests.get(uri) !== text) this.#forget();
      this.#manifests.set(uri, text);
      return;
    }
    const before = this.#entries.get(uri);
    const modules = [...new Set([...text.matchAll(MODULES)].flatMap(([, double, single]) => double ?? single ?? []))];
    const entry = { mentions: text.includes(TRANSPORT), modules };
    if (before === undefined) this.#forget();
    // Most keys change neither.
    else if (before.mentions === entry.mentions && before.modules.join("\n") === modules.join("\n")) return;
    this.#relevant = undefined;
    this.#entries.set(uri, entry);
  }

  delete(uri: string): void {
    this.#forget();
    this.#entries.delete(uri);
    this.#manifests.delete(uri);
  }

  clear(): void {
    this.#forget();
    this.#entries.clear();
    this.#manifests.clear();
  }

  /** Where modules are, by all files that there are: the same object until one comes or goes. */
  modules(): ModuleMap {
    return (this.#modules ??= moduleMap(
      (uri) => this.#entries.has(uri),
      [...this.#manifests].map(([uri, text]) => ({ uri, text })),
    ));
  }

  relevant(): ReadonlySet<string> {
    return (this.#relevant ??= this.#findRelevant());
  }

  #findRelevant(): ReadonlySet<string> {
    const map = this.modules();
    const found = new Set([...this.#entries].filter(([, { mentions }]) => mentions).map(([uri]) => uri));
    if (found.size === 0) return found;
    const importers = new Map<string, string[]>();
    for (const [uri, { modules }] of this.#entries) {
      for (const target of modules.flatMap((module) => map.find(uri, module) ?? [])) {
        const known = importers.get(target);
        if (known === undefined) importers.set(target, [uri]);
        else known.push(uri);
      }
    }
    // A set that grows while it is gone through is gone through to its end.
    for (const uri of found) for (const importer of importers.get(uri) ?? []) found.add(importer);
    return found;
  }

  #forget(): void {
    this.#modules = undefined;
    this.#relevant = undefined;
  }
}
