import { randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import type { NewRecord } from "../../src/log/record.ts";
import { EventStore } from "../../src/streams/event-store.ts";
import { Users } from "../../src/security/users.ts";

/** A store in memory that is closed when the test ends. */
export function openedStore(t: TestContext): EventStore {
  const store = EventStore.open({ location: "memory", now: Date.now, newId: randomUUID });
  t.after(() => store.close());
  return store;
}

/** The users of a store, `admin` and `ops` among them. */
export async function firstUsers(t: TestContext): Promise<{ store: EventStore; users: Users }> {
  const store = openedStore(t);
  const users = new Users(store, randomUUID);
  await users.createInitial({ admin: "changeit", ops: "changeit" });
  return { store, users };
}

export const jsonRecord = (type: string, data: unknown): NewRecord => ({
  id: randomUUID(),
  type,
  isJson: true,
  data: Buffer.from(JSON.stringify(data)),
  metadata: new Uint8Array(0),
});
