import type { Color, Connection, Policy } from "./connection.ts";

/** What a user decides about a connection; its id and origin are not theirs to choose. */
export type ConnectionDraft = Omit<Connection, "id" | "origin">;

export const POLICIES: readonly Policy[] = ["read-write", "confirm", "read-only"];
export const COLORS: readonly Color[] = ["red", "orange", "yellow", "green", "blue", "purple"];

/** Why a name cannot be given; undefined where it can. */
export function nameProblem(name: string, others: readonly Pick<Connection, "name">[]): "empty" | "taken" | undefined {
  const wanted = name.trim().toLowerCase();
  if (wanted === "") return "empty";
  return others.some((other) => other.name.toLowerCase() === wanted) ? "taken" : undefined;
}

/** The name, or the first of "name 2", "name 3", … that nobody has. */
export function freeName(name: string, others: readonly Pick<Connection, "name">[]): string {
  let candidate = name;
  for (let number = 2; nameProblem(candidate, others) === "taken"; number++) candidate = `${name} ${number}`;
  return candidate;
}

/** The connections with one of them changed; its place and its id stay. */
export function withChanged(
  connections: readonly Connection[],
  id: string,
  change: (connection: Connection) => ConnectionDraft,
): readonly Connection[] {
  return connections.map((one) => (one.id === id ? { ...change(one), id, origin: one.origin } : one));
}

/**
 * The user's connections out of what was kept: whatever an older or newer version has left there that is no connection is
 * left out.
 */
export function storedConnections(kept: unknown): readonly Connection[] {
  return Array.isArray(kept) ? kept.flatMap((one: unknown) => storedConnection(one) ?? []) : [];
}

function storedConnection(kept: unknown): Connection | undefined {
  if (typeof kept !== "object" || kept === null) return undefined;
  // An older version has kept the color as "colour".
  const { id, name, connectionString, login, policy, colour, color = colour } = kept as Record<string, unknown>;
  if (typeof id !== "string" || typeof name !== "string" || typeof connectionString !== "string") return undefined;
  const knownColor = COLORS.find((one) => one === color);
  return {
    id,
    name,
    connectionString,
    ...(typeof login === "string" ? { login } : {}),
    // What cannot be understood must not let anybody write.
    policy: POLICIES.find((one) => one === policy) ?? "read-only",
    ...(knownColor === undefined ? {} : { color: knownColor }),
    origin: "user",
  };
}
