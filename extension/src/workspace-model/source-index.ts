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

export const isManifest = (uri: string): boolean => uri.endsWith("/package.json") || uri === "package.json";

/**
 * All files of a workspace, as far as it takes to tell those that can declare or send messages: they name the transport, or import
 * from one that does, over however many files.
 */
export class SourceIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #manifests = new Map<string, string>();
  #modules: ModuleMap | undefined;

  has(uri: string): boolean {
    return this.#entries.has(uri);
  }

  set(uri: string, text: string): void {
    if (isManifest(uri)) {
      if (this.#manifests.get(uri) !== text) this.#modules = undefined;
      this.#manifests.set(uri, text);
      return;
    }
    if (!this.#entries.has(uri)) this.#modules = undefined;
    const modules = [...text.matchAll(MODULES)].flatMap(([, double, single]) => double ?? single ?? []);
    this.#entries.set(uri, { mentions: text.includes(TRANSPORT), modules: [...new Set(modules)] });
  }

  delete(uri: string): void {
    this.#modules = undefined;
    this.#entries.delete(uri);
    this.#manifests.delete(uri);
  }

  clear(): void {
    this.#modules = undefined;
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
    const map = this.modules();
    const found = new Set([...this.#entries].filter(([, { mentions }]) => mentions).map(([uri]) => uri));
    if (found.size === 0) return found;
    const importers = new Map<string, string[]>();
    for (const [uri, { modules }] of this.#entries) {
      for (const module of modules) {
        const target = map.find(uri, module);
        if (target === undefined) continue;
        const known = importers.get(target);
        if (known === undefined) importers.set(target, [uri]);
        else known.push(uri);
      }
    }
    // A set that grows while it is gone through is gone through to its end.
    for (const uri of found) for (const importer of importers.get(uri) ?? []) found.add(importer);
    return found;
  }
}
