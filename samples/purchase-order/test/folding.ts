import type { Aggregate, Message, ProcessManager } from "@sluice/transport";

/** What an aggregate or a process manager decides on a message, after its stream holds these messages. */
export function decided<State>(
  source: Aggregate<State> | ProcessManager<State>,
  history: readonly Message[],
  message: Message,
): readonly Message[] {
  const state = history.reduce((state: State, past) => source.evolve(state, past), source.initial);
  return source.decide(state, message);
}
