import { Uri } from "vscode";
import type { ProjectionKey, ProjectionKind } from "./model/projection-preview.ts";

/** Of the read-only documents that show projections. */
export const PROJECTION_SCHEME = "sluice-projection";

/** What a document shows: a projection as deploying would make it, or as it is deployed. */
export interface PreviewAddress extends ProjectionKey {
  readonly name: string;
  readonly shows: "preview" | "deployed";
  /** Whose server decides on generations and positions; undefined for none. */
  readonly connectionId?: string;
}

const KINDS: ReadonlySet<string> = new Set<ProjectionKind>(["router", "category-router", "filter", "backfill"]);

export const uriOf = (address: PreviewAddress): Uri =>
  Uri.from({
    scheme: PROJECTION_SCHEME,
    // What checks JavaScript tells documents apart by their paths alone.
    path: `/${[address.shows, address.connectionId, `${address.name}.js`].filter((part) => part !== undefined).join("/")}`,
    query: JSON.stringify(address),
  });

/** Undefined for any other document. */
export function addressOf(uri: Uri | undefined): PreviewAddress | undefined {
  if (uri?.scheme !== PROJECTION_SCHEME) return undefined;
  try {
    const address = JSON.parse(uri.query) as Partial<PreviewAddress>;
    const isWhole = [address.component, address.owner, address.name].every((text) => typeof text === "string");
    return isWhole && KINDS.has(address.kind ?? "") ? (address as PreviewAddress) : undefined;
  } catch {
    return undefined;
  }
}

/** What a command was called with: an address, its document, or a key of it. */
export function keyIn(argument: unknown): Partial<PreviewAddress> {
  if (argument instanceof Uri) return addressOf(argument) ?? {};
  const { component, owner, kind, name } = Object(argument) as Readonly<Record<string, unknown>>;
  return {
    ...(typeof component === "string" ? { component } : {}),
    ...(typeof owner === "string" ? { owner } : {}),
    ...(typeof kind === "string" && KINDS.has(kind) ? { kind: kind as ProjectionKind } : {}),
    ...(typeof name === "string" ? { name } : {}),
  };
}
