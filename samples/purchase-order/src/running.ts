import { startEmbedded } from "@sluice/embedded";
import {
  type Component,
  type Endpoint,
  type EndpointEvent,
  startSender,
  type Sender,
  startEndpoint,
} from "@sluice/transport";
import type { Options } from "./options.ts";
import { SHOP } from "./placing.ts";
import { Reading } from "./reading.ts";

/** Milliseconds for which a start is tried: a cluster that elects one leader after the other comes to rest in that time. */
const START_WITHIN = 120_000;

/** Components in this process, with someone who places orders and someone who only reads. */
export interface Running extends AsyncDisposable {
  readonly connectionString: string;
  readonly endpoint: Endpoint;
  readonly shop: Sender;
  readonly reading: Reading;
}

/**
 * Starts the server, where it is to be started here, and these components. Disposing stops them in the opposite order.
 * @param say told of what a person should look at.
 */
export async function start(
  options: Options,
  components: readonly Component[],
  say: (text: string) => void,
  on: (event: EndpointEvent) => void = () => {},
): Promise<Running> {
  await using starting = new AsyncDisposableStack();
  const connectionString = await serverOf(options.server, starting, say);
  const endpoint = await startEndpoint(components, {
    connectionString,
    startWithin: START_WITHIN,
    on: (event) => {
      if (event.kind === "parked") say(parkedText(event));
      on(event);
    },
  });
  starting.defer(() => endpoint.stop());
  const shop = await startSender(SHOP, { connectionString, startWithin: START_WITHIN });
  starting.defer(() => shop.stop());
  const reading = starting.use(new Reading(connectionString));
  const started = starting.move();
  return { connectionString, endpoint, shop, reading, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

async function serverOf(
  server: Options["server"],
  starting: AsyncDisposableStack,
  say: (text: string) => void,
): Promise<string> {
  if ("connectionString" in server) return server.connectionString;
  const embedded = await startEmbedded({
    ...server,
    onNote: (note) => {
      if (note.event === "projection-faulted") say(`Projection ${note.projection} faulted: ${note.reason}`);
    },
  });
  starting.defer(() => embedded.stop());
  return embedded.connectionString;
}

function parkedText({ component, type, error }: EndpointEvent & { readonly kind: "parked" }): string {
  return `${component} has parked a ${type}: ${error instanceof Error ? error.message : String(error)}`;
}
