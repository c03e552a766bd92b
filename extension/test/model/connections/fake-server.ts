import { ServerUnreachableError } from "../../../src/event-store/errors.ts";
import type { EventStore } from "../../../src/event-store/event-store.ts";
import type { Credentials } from "../../../src/event-store/credentials.ts";

const METHODS = new Map([
  ["event_store.client.streams.streams/read", []],
  ["event_store.client.persistent_subscriptions.persistentsubscriptions/read", []],
  ["event_store.client.users.users/details", []],
]);

/** A server at the seam, whose troubles a test decides. */
export class FakeServer {
  /** What every call fails with; undefined for none. */
  trouble: Error | undefined;
  /** What reading fails with. */
  readTrouble: Error | undefined;
  readonly opened: { readonly connectionString: string; readonly credentials: Credentials | undefined }[] = [];
  appended = 0;
  closed = 0;

  readonly open = async (connectionString: string, credentials: Credentials | undefined): Promise<EventStore> => {
    this.opened.push({ connectionString, credentials });
    const answer = async <T>(value: () => T): Promise<T> => {
      if (this.trouble !== undefined) throw this.trouble;
      return value();
    };
    return {
      features: () => answer(() => ({ version: "23.10.6.0", methods: METHODS })),
      read: () =>
        answer(() => {
          if (this.readTrouble !== undefined) throw this.readTrouble;
          return { entries: [], isEnd: true };
        }),
      append: () => answer(() => this.appended++),
      async *subscribe() {},
      close: () => void this.closed++,
    };
  };

  goAway(): void {
    this.trouble = new ServerUnreachableError("nobody there");
  }

  comeBack(): void {
    this.trouble = undefined;
  }
}
