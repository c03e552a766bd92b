import { EngineFault } from "./engine-fault.ts";

/** Holds what is kept of a projection's states to a size, before any of it is written. */
export class StateLimit {
  readonly #projection: string;
  readonly #bytes: number;

  constructor(projection: string, bytes: number) {
    this.#projection = projection;
    this.#bytes = bytes;
  }

  /** Throws an {@link EngineFault} where a text is too long; `what` names it, `partition` is "" for the whole. */
  check(what: "state" | "result" | "shared state", partition: string, text: string | null | undefined): void {
    // No character takes more than three bytes: most texts need not be gone through.
    if (text === null || text === undefined || text.length * 3 <= this.#bytes) return;
    const size = Buffer.byteLength(text);
    if (size <= this.#bytes) return;
    const whose = partition === "" ? "" : ` of partition '${partition}'`;
    throw new EngineFault(
      `The ${what}${whose} of projection '${this.#projection}' would take ${size} bytes, more than the ${this.#bytes} that one may ` +
        "(--max-projection-state-size). Update its query so that it keeps less, or spreads it over partitions, and enable it.",
    );
  }
}
