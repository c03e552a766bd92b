import { type handleClientStreamingCall, type ServerReadableStream, status } from "@grpc/grpc-js";
import type { AppendLoad } from "./append-load.ts";
import { CallFailure, failureOf } from "./errors.ts";
import type { OpenCalls } from "./open-calls.ts";

/** An append that comes in several messages, as far as it has come. */
export interface CollectedAppend<Request, Response> {
  /** Bytes that it keeps in memory, all of them told to the load. */
  readonly weight: number;
  /** Takes the next message; throws what is wrong with it, and the append is over. */
  receive(request: Request): void;
  /** All has come: throws what is missing, or answers the writing itself. */
  complete(): () => Promise<Response>;
}

/** An append that is not complete by then never will be. */
const COLLECTING_MS = 30_000;

/** Serves a call that carries one append, in as many messages as the client likes, and is answered once. */
export function collectedAppend<Request, Response>(
  load: AppendLoad,
  openCalls: OpenCalls,
  begin: (call: ServerReadableStream<Request, Response>) => CollectedAppend<Request, Response>,
): handleClientStreamingCall<Request, Response> {
  return (call, callback) => {
    if (load.isFull) {
      callback(tooBusy());
      return;
    }
    const append = begin(call);
    const listeners = new Set<() => void>();
    let isAnswered = false;
    let isWriting = false;
    const timer = setTimeout(() => fail(notComplete()), COLLECTING_MS);

    function close(): boolean {
      if (isAnswered) return false;
      isAnswered = true;
      clearTimeout(timer);
      if (!isWriting) load.end(append.weight);
      for (const listener of listeners) listener();
      return true;
    }

    function fail(failure: CallFailure): void {
      if (close()) callback(failure);
    }

    async function write(): Promise<void> {
      if (isAnswered) return;
      const writing = append.complete();
      isWriting = true;
      clearTimeout(timer);
      try {
        const response = await writing();
        if (close()) callback(null, response);
      } finally {
        load.end(append.weight);
      }
    }

    load.begin();
    openCalls.add({
      fail,
      onClose(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    call.on("cancelled", close);
    call.on("error", (error) => fail(failureOf(error)));
    call.on("data", (request: Request) => {
      if (isAnswered) return;
      try {
        append.receive(request);
      } catch (error) {
        fail(failureOf(error));
      }
    });
    call.on("end", () => {
      // A client that gives up ends its side, too, and only then is it heard that it gave up: half an append is none.
      setImmediate(() => {
        write().catch((error: unknown) => fail(failureOf(error)));
      });
    });
  };
}

function notComplete(): CallFailure {
  const details = `Operation timed out: not all events of the append came within ${COLLECTING_MS / 1000} seconds.`;
  return new CallFailure(status.ABORTED, details);
}

export function tooBusy(): CallFailure {
  return new CallFailure(status.UNAVAILABLE, "Server Is Too Busy: more appends wait for the disk than it can hold.");
}
