import {
  type Clock,
  type Component,
  type Endpoint,
  type EndpointEvent,
  type Sender,
  startEndpoint,
  startSender,
} from "@sluice/transport";
import { Reading } from "./reading.ts";
import { type ServerChoice, startServer } from "./server.ts";

/** Milliseconds for which a start is tried: a cluster that elects one leader after the other comes to rest in that time. */
const START_WITHIN = 120_000;

export interface SystemOptions {
  /** What runs beside the components: further instances of some of them, each as an endpoint of its own. */
  readonly furtherInstances?: readonly (readonly Component[])[];
  /** Who sends from outside of the components. Default "shop". */
  readonly sender?: string;
  /** The clock that what is sent for later goes by. Default: the system's; another is for tests. */
  readonly clock?: Clock;
  /** Told what a person should look at: what was parked, what faulted. */
  readonly say: (text: string) => void;
  /** Told everything that the endpoint tells. */
  readonly on?: (event: EndpointEvent) => void;
}

/** A server with components, someone who sends to them, and someone who only reads. Disposing stops all in the opposite order. */
export interface RunningSystem extends AsyncDisposable {
  readonly connectionString: string;
  /** The first instance. */
  readonly endpoint: Endpoint;
  readonly sender: Sender;
  readonly reading: Reading;
}

/** Starts the server, where it is to be started here, and these components. @throws what their starts throw. */
export async function startSystem(
  server: ServerChoice,
  components: readonly Component[],
  { furtherInstances = [], sender: name = "shop", clock, say, on = () => {} }: SystemOptions,
): Promise<RunningSystem> {
  await using starting = new AsyncDisposableStack();
  const { connectionString } = starting.use(await startServer(server, say));
  const startInstance = async (those: readonly Component[]): Promise<Endpoint> => {
    const endpoint = await startEndpoint(those, {
      connectionString,
      startWithin: START_WITHIN,
      ...(clock === undefined ? {} : { clock }),
      on: (event) => {
        if (event.kind === "parked") say(parkedText(event));
        on(event);
      },
    });
    starting.defer(() => endpoint.stop());
    return endpoint;
  };
  const endpoint = await startInstance(components);
  for (const those of furtherInstances) await startInstance(those);
  const sender = await startSender(name, { connectionString, startWithin: START_WITHIN });
  starting.defer(() => sender.stop());
  const reading = starting.use(new Reading(connectionString));
  const started = starting.move();
  return { connectionString, endpoint, sender, reading, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function parkedText({ component, type, error }: EndpointEvent & { readonly kind: "parked" }): string {
  return `${component} has parked ${type}: ${error instanceof Error ? error.message : String(error)}`;
}
