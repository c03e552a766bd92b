/** A fault that the script cannot catch: on the server it is thrown by what lies below the script's engine. */
export interface Fatal {
  /** Throws; whether or not the script catches it, the call it is in ends with this fault. */
  fail(message: string): never;
  /** The message of the first {@link fail}, if there was one. */
  failed(): string | undefined;
}

/** Runs inside the sandbox; see `source.ts`. */
export function makeFatal(): Fatal {
  let first: string | undefined;
  return {
    fail(message) {
      first ??= message;
      throw new Error(message);
    },
    failed: () => first,
  };
}
