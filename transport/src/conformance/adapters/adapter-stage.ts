import { type Gate, gate } from "../gate.ts";
import { until } from "../until.ts";
import type { AdapterApplication, AdapterBench, RunningApplication } from "./adapter-bench.ts";

/** No case sends it: what was sent before it has come through when it has. */
const FENCE = "fence";

/** An application of a case. */
export interface Listening {
  readonly name: string;
  /** What its handler was given, failed attempts included. */
  readonly begun: string[];
  /** What its handler has ended well with. */
  readonly handled: string[];
  readonly running: RunningApplication;
}

type Told = Partial<Omit<AdapterApplication, "handle">> & { readonly handle?: AdapterApplication["handle"] };

/** On this a case plays: it starts applications, sends and waits, and cleans up behind itself. */
export class AdapterStage {
  readonly bench: AdapterBench;
  readonly #running = new Set<RunningApplication>();
  readonly #gates: Gate[] = [];
  #fences = 0;

  constructor(bench: AdapterBench) {
    this.bench = bench;
  }

  /** A gate that is open at the latest when the case has ended. */
  gate(): Gate {
    const made = gate();
    this.#gates.push(made);
    return made;
  }

  /** @throws AssertionError that says what was expected, when it has not come about in time. */
  until(expected: string, probe: () => boolean | Promise<boolean>): Promise<void> {
    return until(expected, probe, this.bench.patience);
  }

  /** Starts an instance of an application. What the case does not say is usual. */
  async start({
    name = this.bench.name(),
    concurrency = 5,
    subscribes = false,
    handle,
  }: Told = {}): Promise<Listening> {
    const begun: string[] = [];
    const handled: string[] = [];
    const running = await this.bench.start({
      name,
      concurrency,
      subscribes,
      async handle(text, handling) {
        if (!text.startsWith(FENCE)) begun.push(text);
        if (!text.startsWith(FENCE)) await handle?.(text, handling);
        handled.push(text);
      },
    });
    this.#running.add(running);
    return { name, begun, handled, running };
  }

  async stop({ running }: Listening): Promise<void> {
    this.#running.delete(running);
    await running.stop();
  }

  /** They are gone with their process. */
  crashed(): void {
    this.#running.clear();
  }

  /**
   * Settles when what was sent before has come through to the applications, or nothing more of it will.
   * @param listening all instances that run of one application.
   */
  async fence(...listening: readonly Listening[]): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      const text = `${FENCE} ${(this.#fences += 1)}`;
      for (const name of new Set(listening.map(({ name }) => name))) {
        await this.bench.send(name, text);
        const isOf = (one: Listening): boolean => one.name === name && one.handled.includes(text);
        await this.until(`a message sent afterwards to be handled by ${name}`, () => listening.some(isOf));
      }
    }
  }

  async cleanUp(): Promise<void> {
    for (const gate of this.#gates) gate.open();
    await Promise.allSettled([...this.#running].map((running) => running.stop()));
  }
}

/** What applications of a case have handled, sorted, without what only shows that nothing more comes. */
export const handledBy = (...listening: readonly Listening[]): readonly string[] =>
  listening.flatMap(({ handled }) => handled.filter((text) => !text.startsWith(FENCE))).sort();
