import {
  command,
  component,
  type Endpoint,
  type EndpointEvent,
  type EndpointOptions,
  event,
  startSender,
  startEndpoint,
  view,
} from "@sluice/transport";

export const Do = command("work.Do", { to: "work" })<{ n: number }>();
const Done = event("work.Done")<{ n: number }>();
/** What has been done, and how often. */
export const done = view(
  "done",
  () => new Map<number, number>(),
  (v) => v.on(Done, (times, { n }) => void times.set(n, (times.get(n) ?? 0) + 1)),
);

/** A component that publishes what it has done. */
export function startWork(
  connectionString: string,
  seen: EndpointEvent[] = [],
  options: Omit<EndpointOptions, "connectionString" | "on"> = {},
): Promise<Endpoint> {
  const work = component("work", (c) => {
    c.handle(Do, (m, ctx) => ctx.publish(Done, m));
    c.view(done);
  });
  return startEndpoint([work], { connectionString, on: (event) => void seen.push(event), ...options });
}

/** Lets `n` be done, sent over another connection, and waits for it. */
export async function getDone(endpoint: Endpoint, connectionString: string, n: number): Promise<void> {
  const sender = await startSender("shop", { connectionString });
  await sender.send(Do, { n });
  await endpoint.view(done).until((times) => times.has(n));
  await sender.stop();
}
