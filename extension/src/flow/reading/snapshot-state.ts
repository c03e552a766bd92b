import { deserialize } from "node:v8";

/** What the transport keeps of an instance, beside the state itself. */
interface Content {
  readonly revision?: unknown;
  readonly state?: unknown;
}

const MOST_CHARACTERS = 20_000;

/**
 * Reads a snapshot of `@sluice/transport`, which are bytes in V8's structured clone format: only a desktop host can.
 * @throws where it is none
 */
export function snapshotState(bytes: Uint8Array): { readonly revision: string; readonly state: string } {
  const { revision, state } = Object(deserialize(bytes)) as Content;
  if (typeof revision !== "bigint") throw new TypeError("This is no snapshot of an instance.");
  const text = JSON.stringify(state, readable, 2) ?? "undefined";
  return { revision: String(revision), state: text.slice(0, MOST_CHARACTERS) };
}

/** What JSON has no words for. */
function readable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, held]) => [String(key), held]));
  return value instanceof Set ? [...value] : value;
}
