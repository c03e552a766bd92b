import type { Inside } from "./quickjs-module.ts";

/** A call ran longer than it may and was cut off; the script cannot catch that. */
export class ScriptTimeout extends Error {
  override readonly name = "ScriptTimeout";
  /** Milliseconds. */
  readonly elapsed: number;
  readonly allowed: number;

  constructor(elapsed: number, allowed: number) {
    super(`The script was stopped after ${Math.round(elapsed)} ms, since it may take ${allowed} ms.`);
    this.elapsed = elapsed;
    this.allowed = allowed;
  }
}

/** A script did not parse, or threw where its world does not catch. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
  /** What was thrown, inside the sandbox. */
  readonly thrown: Inside;

  constructor(thrown: Inside) {
    super("The script threw; look at what it threw from inside its sandbox.");
    this.thrown = thrown;
  }
}

/** The sandbox broke down (its memory or the thread's stack ended) and is of no further use. */
export class SandboxBroken extends Error {
  override readonly name = "SandboxBroken";
}
