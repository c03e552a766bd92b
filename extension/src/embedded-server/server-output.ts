/** What a line of the server's output means to whoever has started it. */
export type ServerLine =
  | { readonly kind: "listening"; readonly connectionString: string; readonly port: number }
  /** Why it could not start, in a sentence with the remedy. */
  | { readonly kind: "failed"; readonly message: string }
  /** Something else it tells, for the log. */
  | { readonly kind: "other"; readonly text: string };

/** Reads a line that was written with `--json`; what is no JSON (of Node itself, or of npm) is a line for the log. */
export function serverLine(line: string): ServerLine {
  const { event, ...details } = objectOf(line);
  const { connectionString, port, message } = details;
  if (event === "listening" && typeof connectionString === "string" && typeof port === "number") {
    return { kind: "listening", connectionString, port };
  }
  if (event === "failed" && typeof message === "string") return { kind: "failed", message };
  return { kind: "other", text: line };
}

function objectOf(line: string): Readonly<Record<string, unknown>> {
  if (!line.startsWith("{")) return {};
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
