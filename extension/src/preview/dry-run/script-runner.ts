import { ProjectionFault, type ProjectionHandler, scriptCompiler } from "@sluice/embedded/scripts";
import type { ScriptAnswer, ScriptEvent, ScriptFault, ScriptRequest, ScriptStep } from "./dry-run-protocol.ts";

/** Runs one script over events, in the same engine as the embedded server and by its limits, and writes nothing. */
export class ScriptRunner {
  #handler: ProjectionHandler | undefined;

  async answer(request: ScriptRequest): Promise<ScriptAnswer> {
    return request.kind === "open" ? this.#open(request.script) : { kind: "ran", steps: this.#run(request.events) };
  }

  dispose(): void {
    this.#handler?.dispose();
    this.#handler = undefined;
  }

  async #open(script: string): Promise<ScriptAnswer> {
    try {
      this.#handler = await scriptCompiler(() => {})(script);
      this.#handler.initialize();
    } catch (error) {
      return { kind: "refused", fault: faultOf(error) };
    }
    const { allStreams, streams, categories } = this.#handler.definition;
    return { kind: "opened", source: { all: allStreams, streams, categories } };
  }

  #run(events: readonly ScriptEvent[]): readonly ScriptStep[] {
    const steps: ScriptStep[] = [];
    for (const event of events) {
      const step = this.#step(event);
      steps.push(step);
      // As on the server: a projection that has faulted stands still.
      if (step.kind === "fault") break;
    }
    return steps;
  }

  /** What is generated here has one state, and no partitions. */
  #step(given: ScriptEvent): ScriptStep {
    const handler = this.#handler;
    if (handler === undefined) return { kind: "fault", fault: { message: "" } };
    const { allEvents, events } = handler.definition;
    const type = given.event?.type;
    if (!allEvents && (type === undefined || !events.includes(type))) return { kind: "unhandled" };
    const event = { event: given.event, link: given.link };
    if (!handler.accepts(event)) return { kind: "no-json" };
    try {
      const { emitted } = handler.process(event, "");
      return { kind: "processed", emitted: emitted.map(({ stream, type: kind }) => ({ stream, type: kind })) };
    } catch (error) {
      return { kind: "fault", fault: faultOf(error) };
    }
  }
}

function faultOf(error: unknown): ScriptFault {
  const message = error instanceof Error ? error.message : String(error);
  const line = error instanceof ProjectionFault ? error.line : undefined;
  return { message, ...(line === undefined ? {} : { line }) };
}
