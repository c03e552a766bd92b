import { basename } from "node:path";
import type { ExceptionDescription } from "./describe-error.ts";

/** Longest group: it names one, and is no place for a message that became a name. */
const LONGEST = 300;

/**
 * What failures of the same kind in the same place have in common: the exception's name and the first frame of its stack that is
 * neither Node's nor a package's, such as `TypeError at charge (billing.ts:17)`. Columns are left out, and so are folders, which differ
 * from one machine to the next.
 */
export function failureGroupOf({ name, stack }: Pick<ExceptionDescription, "name" | "stack">): string {
  const frame = (stack ?? "")
    .split("\n")
    .map(frameOf)
    .find((found) => found !== undefined);
  const group = frame === undefined ? name : `${name} at ${frame}`;
  return group.slice(0, LONGEST);
}

/** `    at charge (file:///srv/billing.ts:17:9)`, `    at async file:///srv/billing.ts:17:9`. */
function frameOf(line: string): string | undefined {
  const [, inner] = /^\s+at (.+)$/.exec(line) ?? [];
  if (inner === undefined || /\bnode:|[/\\]node_modules[/\\]|<anonymous>\)?$|^native /.test(inner)) return undefined;
  const [, name, path, row] = /^(?:(.+?) \()?(.+?):(\d+):\d+\)?$/.exec(inner) ?? [];
  if (path === undefined || row === undefined) return undefined;
  const place = `${basename(path.replaceAll("\\", "/"))}:${row}`;
  return name === undefined ? place : `${name.replace(/^async /, "")} (${place})`;
}
