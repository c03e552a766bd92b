import { ServerUnreachableError, SubscriptionDroppedError } from "../../event-store/errors.ts";
import type { EventReader, Integer64, Position, SubscriptionNote } from "../../event-store/event-store.ts";

export interface Patience {
  /** Opens the connection, or answers the one that is open. */
  readonly open: () => Promise<EventReader>;
  /** Ends early with the signal, by throwing what that was aborted with. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Told with the error when the server is away, without one when it has answered. */
  readonly onState: (lost: ServerUnreachableError | undefined) => void;
}

const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

/**
 * Reads from a server that may go away: asks again until it answers or nobody waits any more. A subscription, also one that
 * the server has dropped because it was slow, goes on after the last entry it has told: nothing is told twice or left out.
 */
export function patientReader({ open, wait, onState }: Patience): EventReader {
  const pause = async (error: unknown, attempt: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (error instanceof ServerUnreachableError) {
      onState(error);
    } else if (!(error instanceof SubscriptionDroppedError)) {
      throw error;
    }
    await wait(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt), signal);
  };
  return {
    async read(source, options) {
      const signal = options.signal ?? new AbortController().signal;
      for (let attempt = 0; ; attempt++) {
        try {
          const page = await (await open()).read(source, options);
          onState(undefined);
          return page;
        } catch (error) {
          await pause(error, attempt, signal);
        }
      }
    },
    async *subscribe(source, options) {
      let { after } = options;
      for (let attempt = 0; ; attempt++) {
        try {
          for await (const note of (await open()).subscribe(source, { ...options, after })) {
            onState(undefined);
            attempt = 0;
            after = placeAfter(note, "stream" in source) ?? after;
            yield note;
          }
          return;
        } catch (error) {
          await pause(error, attempt, options.signal);
        }
      }
    },
  };
}

function placeAfter(note: SubscriptionNote, isStream: boolean): Integer64 | Position | undefined {
  switch (note.kind) {
    case "entry":
      return isStream ? note.entry.recorded.revision : note.entry.recorded.position;
    case "checkpoint":
      return note.position;
    case "caught-up":
      return undefined;
  }
}
