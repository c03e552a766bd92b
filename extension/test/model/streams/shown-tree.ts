import type { TestContext } from "node:test";
import { ConnectionRegistry } from "../../../src/connections/connection-registry.ts";
import { Passwords } from "../../../src/connections/passwords.ts";
import { UserConnections } from "../../../src/connections/user-connections.ts";
import { wait } from "../../../src/timing/wait.ts";
import type { EventStore } from "../../../src/event-store/event-store.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import { streamItem } from "../../../src/streams/stream-item.ts";
import { StreamMarks } from "../../../src/streams/stream-marks.ts";
import type { StreamNode } from "../../../src/streams/stream-node.ts";
import { StreamsModel } from "../../../src/streams/streams-model.ts";
import { emitter, memento } from "../connections/fake-vscode.ts";

/** More than any test's server takes to be read once. */
const MOST_READS = 500;

/** The Streams view as it is put together in VS Code, down to the registry of connections; and as VS Code it asks for the rows anew whenever it is told that they have changed. */
export interface ShownTree {
  readonly registry: ConnectionRegistry;
  readonly model: StreamsModel;
  readonly connectionId: string;
  /** What the server was asked for so far, pages and subscriptions. */
  readonly reads: () => number;
  /** The first rows as they stand in the view. */
  readonly rows: () => readonly StreamNode[];
  readonly labels: () => readonly string[];
  /** Asks for the rows anew, as a command does that has changed them. */
  readonly show: () => Promise<void>;
  /** Resolves once the rows that stand in the view are so. @throws where the view has read endlessly before they were. */
  readonly until: (isSo: (rows: readonly StreamNode[]) => boolean) => Promise<void>;
}

/** Adds a connection to the server, opens it and shows its streams. */
export async function shownTree(
  t: TestContext,
  connectionString: string,
  open: typeof openEventStore = openEventStore,
): Promise<ShownTree> {
  let reads = 0;
  const passwords = new Passwords({
    get: async () => undefined,
    store: async () => {},
    delete: async () => {},
  } as never);
  const user = new UserConnections({ memento: memento(), passwords, changes: emitter(), newId: () => "a" });
  const registry = new ConnectionRegistry({
    sources: [user],
    openEventStore: async (...to) => counted(await open(...to), () => reads++),
    openServer: () => Promise.reject(new Error("no component is asked for")),
    environment: () => undefined,
    changes: emitter(),
    confirmWrite: async () => true,
    chosen: { get: () => "a", set() {} },
    wait,
    log: { info() {}, warn() {} },
  });
  t.after(() => registry.dispose());
  let rows: readonly StreamNode[] = [];
  let shown = Promise.withResolvers<void>();
  let isAsking = false;
  let isStale = false;
  const labels = () => rows.map((row) => streamItem(row, false).label);
  const show = async (): Promise<void> => {
    isStale = true;
    if (isAsking) return;
    isAsking = true;
    while (isStale) {
      isStale = false;
      rows = await model.children();
      shown.resolve();
      shown = Promise.withResolvers();
    }
    isAsking = false;
  };
  const model = new StreamsModel(registry, new StreamMarks(memento(), emitter()), () => void show());
  t.after(() => model.forget());
  registry.onDidChange(() => {
    model.forgetLost();
    void show();
  });
  await user.add({ name: "local", connectionString, policy: "read-write" }, undefined);
  await registry.open("a");
  return {
    registry,
    model,
    connectionId: "a",
    reads: () => reads,
    rows: () => rows,
    labels,
    show,
    async until(isSo) {
      while (!isSo(rows)) {
        if (reads > MOST_READS)
          throw new Error(`After ${reads} reads there are ${rows.length} rows: ${labels().join()}`);
        await shown.promise;
      }
    },
  };
}

function counted(store: EventStore, onRead: () => void): EventStore {
  return {
    ...store,
    read(...of) {
      onRead();
      return store.read(...of);
    },
    subscribe(...of) {
      onRead();
      return store.subscribe(...of);
    },
  };
}
