import assert from "node:assert/strict";
import { test } from "node:test";
import {
  binaryEvent,
  END,
  type EventStoreDBClient,
  type Filter,
  jsonEvent,
  type PersistentSubscriptionToAllSettings,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
  streamNameFilter,
} from "@eventstore/db-client";
import { append, Follower, read, serverInMemory } from "./harness.ts";
import { until } from "../until.ts";

const WANTED = streamNameFilter({ prefixes: ["wanted"] });
const AT_ONCE = { checkPointLowerBound: 1, checkPointUpperBound: 1, checkPointAfter: 0 };

const settings = (changes: Partial<PersistentSubscriptionToAllSettings> = {}) =>
  persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START, ...changes });

async function create(
  client: EventStoreDBClient,
  group: string,
  changes: Partial<PersistentSubscriptionToAllSettings>,
  filter?: Filter,
): Promise<void> {
  await client.createPersistentSubscriptionToAll(group, settings(changes), filter && { filter });
  await until(`${group} is live`, async () => {
    return (await client.getPersistentSubscriptionToAllInfo(group)).status === "Live";
  });
}

async function follow(client: EventStoreDBClient, group: string, bufferSize = 10): Promise<Follower> {
  const follower = new Follower(client.subscribeToPersistentSubscriptionToAll(group, { bufferSize }));
  await until("the consumer is confirmed", () => follower.isConfirmed);
  return follower;
}

const checkpoints = (client: EventStoreDBClient, group: string) =>
  read(client, `$persistentsubscription-$all::${group}-checkpoint`);
const placeOf = ({ commitPosition }: { readonly commitPosition?: bigint }) =>
  `"C:${commitPosition}/P:${commitPosition}"`;

test("$all – a message that waited takes the checkpoint back to its true place, and those behind it come after a restart", async (t) => {
  const { client } = await serverInMemory(t);
  await create(client, "g", { ...AT_ONCE, startFrom: END }, WANTED);
  const { position } = await client.appendToStream(
    "wanted-1",
    [0, 1, 2].map((n) => jsonEvent({ type: "Step", data: { n } })),
  );
  await append(client, "noise", 5);
  const last = async () => (await checkpoints(client, "g")).at(-1);
  const commitIn = (text: string | undefined) => BigInt(/\d+/.exec(text ?? "")?.[0] ?? -1);
  await until("the checkpoint passes what waits", async () => commitIn(await last()) > (position?.commit ?? 0n));
  const one = await follow(client, "g", 1);
  await one.receive(1);
  const [first] = one.got;
  assert.ok(first);
  await one.ack(first);
  await until("the checkpoint stands at what was acked", async () => (await last()) === placeOf(first));
  await client.restartPersistentSubscriptionSubsystem();
  const next = await follow(client, "g");
  await next.receive(2);
  assert.deepEqual(next.revisions, ["1", "2"]);
});

test("$all – with links resolved and a filter a link that leads nowhere comes from history, but not live", async (t) => {
  const { client } = await serverInMemory(t);
  const link = (to: string) => binaryEvent({ type: "$>", data: Buffer.from(to) });
  await client.appendToStream("wanted-links", link("7@nowhere"));
  await create(client, "filtered", { resolveLinkTos: true }, WANTED);
  await create(client, "all", { resolveLinkTos: true, startFrom: END });
  const filtered = await follow(client, "filtered");
  const all = await follow(client, "all", 100);
  await filtered.receive(1);
  assert.deepEqual([filtered.got[0]?.event, filtered.got[0]?.link?.revision], [undefined, 0n]);
  await client.appendToStream("wanted-links", link("8@nowhere"));
  await append(client, "wanted-1", 1);
  await filtered.receive(2);
  assert.equal(filtered.got[1]?.event?.streamId, "wanted-1");
  await until("it came without a filter", () => all.got.some((event) => event.link?.streamId === "wanted-links"));
});

test("$all – a group from the end takes its place before its own configuration is written, also in an update", async (t) => {
  const { client } = await serverInMemory(t);
  await create(client, "g", { startFrom: END });
  const one = await follow(client, "g", 1);
  await one.receive(1);
  const types = [one.got[0]?.event?.type];
  await client.updatePersistentSubscriptionToAll("g", settings({ startFrom: END }));
  const next = await follow(client, "g", 1);
  await next.receive(1);
  types.push(next.got[0]?.event?.type);
  // The first write of all is that of the configuration's own metadata.
  assert.deepEqual(types, ["$metadata", "$PersistentConfig"]);
});
