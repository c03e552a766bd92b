import { byThisProcess } from "../deploy/by-this-process.ts";
import { deployShapes } from "../deploy/deploy-component.ts";
import { requireByCategory } from "../deploy/require-by-category.ts";
import { watch } from "../deploy/watch.ts";
import { Appender, type Appending } from "../dispatch/appender.ts";
import { Dispatcher } from "../dispatch/dispatcher.ts";
import type { OutgoingContext } from "../pipeline/outgoing.ts";
import { Listener } from "../receive/listener.ts";
import { contextOfEvent } from "../receive/received-message.ts";
import { solitudeOf } from "../receive/solitude.ts";
import { transportMessageOf } from "../receive/transport-message-of.ts";
import { SYSTEM_CLOCK } from "../schedule/clock.ts";
import type { Capabilities } from "../seam/capabilities.ts";
import type { HostSettings, TransportDefinition, TransportInfrastructure } from "../seam/transport-definition.ts";
import { SYSTEM_ENVIRONMENT } from "../store/environment.ts";
import { metadataOf } from "../store/event.ts";
import type { Patience } from "../store/patient.ts";
import { Store } from "../store/store.ts";
import { requireComponentName } from "../topology/component-name.ts";
import type { ComponentShape } from "../topology/shape.ts";
import { intermediateStream } from "../topology/stream-names.ts";
import { criticalOf } from "./critical-of.ts";
import { EventStoreReceiver } from "./event-store-receiver.ts";
import { guarded } from "./guarded.ts";
import { interceptedDispatcher } from "./intercepted-dispatcher.ts";
import { interceptedAppender, type Interceptor, type ObservedAttempt, type ObservedSend } from "./interceptor.ts";
import type { EventStoreReceiveSettings, EventStoreTransportOptions, QueueOptions } from "./options.ts";
import { startPatience } from "./start-patience.ts";
import { subscriptionsOf } from "./subscriptions.ts";
import type { TransportEvent } from "./transport-event.ts";
import { combinedInterceptors, toldToAll } from "./transport-instrumentation.ts";

/** The transport over streams, projections and persistent subscriptions of an EventStoreDB server. */
export interface EventStoreTransport extends TransportDefinition {
  /** @throws InvalidName, ServerUnreachable, AccessRefused, BadConnectionString, ProjectionsNotRunning, ProjectionRefused */
  initialize(host: HostSettings, receivers: readonly EventStoreReceiveSettings[]): Promise<EventStoreInfrastructure>;
}

/** The transport in use. */
export interface EventStoreInfrastructure extends TransportInfrastructure {
  readonly listen: NonNullable<TransportInfrastructure["listen"]>;
}

/** The same with what the endpoint needs, which uses the server besides. */
export interface EventStoreConnection extends EventStoreInfrastructure {
  readonly dispatcher: Dispatcher;
  readonly receivers: ReadonlyMap<string, EventStoreReceiver>;
  readonly store: Store;
  readonly appender: Appending;
  /** How long the start of what begins with the transport is tried. */
  readonly patience: Patience;
}

/** Who looks on at what the transport does. */
export interface TransportObserver {
  readonly process?: Interceptor<ObservedAttempt> | undefined;
  /** Sees what handlers dispatch by the seam; the endpoint's own pipeline sees the rest. */
  readonly create?: Interceptor<OutgoingContext> | undefined;
  readonly send?: Interceptor<ObservedSend> | undefined;
}

const QUEUE: Required<QueueOptions> = { sends: "transactional", messageTimeout: 30_000, maxDeliveries: 10 };

/**
 * Makes the transport that Sluice's own endpoints use, for whoever brings a bus of their own. Nothing is connected before a host
 * initializes it.
 *
 * ```ts
 * const transport = eventStoreTransport({ connectionString: "esdb://127.0.0.1:2113?tls=false" });
 * const { receivers, dispatcher } = await transport.initialize(
 *   { name: "billing", onCriticalError: ({ problem }) => console.error(problem) },
 *   [{ address: "billing" }],
 * );
 * ```
 */
export function eventStoreTransport(options: EventStoreTransportOptions): EventStoreTransport {
  const { instrumentation = [] } = options;
  const observer = combinedInterceptors(instrumentation);
  const on = toldToAll([options.on, ...instrumentation.map((one) => one.on)]);
  return Object.freeze({
    capabilities: capabilitiesWith(options),
    async initialize(host: HostSettings, receivers: readonly EventStoreReceiveSettings[]) {
      const connection = await connectEventStore({ ...options, on }, host, receivers, observer);
      return {
        ...connection,
        dispatcher: interceptedDispatcher(connection.dispatcher, observer.create, { mode: "direct" }),
      };
    },
  });
}

const capabilitiesWith = ({ sends = QUEUE.sends }: QueueOptions): Capabilities =>
  Object.freeze({
    delayedDelivery: true,
    publishSubscribe: true,
    publishedHistory: true,
    duplicateDetection: true,
    timeToBeReceived: true,
    atomicDispatch: sends === "transactional",
    parking: true,
  });

/** What the options say of all addresses. */
const saidOf = ({ sends, messageTimeout, maxDeliveries }: QueueOptions): QueueOptions => ({
  ...(sends === undefined ? {} : { sends }),
  ...(messageTimeout === undefined ? {} : { messageTimeout }),
  ...(maxDeliveries === undefined ? {} : { maxDeliveries }),
});

const shapeOfAddress = ({
  address,
  messageTimeout,
  shape,
}: EventStoreReceiveSettings & Required<QueueOptions>): ComponentShape =>
  shape ?? { name: address, commands: [], replies: [], events: {}, categories: {}, messageTimeout };

/** Initializes the transport for a host that uses its server besides. @throws as {@link EventStoreTransport.initialize} */
export async function connectEventStore(
  options: EventStoreTransportOptions,
  host: HostSettings,
  receivers: readonly EventStoreReceiveSettings[],
  { process: processing, create, send }: TransportObserver = {},
): Promise<EventStoreConnection> {
  for (const name of [host.name, ...receivers.map(({ address }) => address)]) requireComponentName(name);
  const { connectionString, clock = SYSTEM_CLOCK } = options;
  const all = receivers.map((settings) => ({ ...QUEUE, ...saidOf(options), ...settings }));
  const store = new Store(connectionString);
  const patience = startPatience(store, options, SYSTEM_ENVIRONMENT);
  try {
    const patient = store.patient(patience);
    await patient.reach();
    const created = all.filter(({ createMissing = true }) => createMissing);
    if (all.length === 0 || created.length > 0) await requireByCategory(patient);
    await deployShapes(patient, created.map(shapeOfAddress), { ...byThisProcess(), exactly: false });
  } catch (error) {
    await store.dispose();
    throw error;
  }
  const appender = interceptedAppender(new Appender(store), send);
  const on = guarded((event: TransportEvent) => {
    options.on?.(event);
    const critical = criticalOf(event);
    if (critical !== undefined) host.onCriticalError(critical);
  });
  const solitude = solitudeOf(options.process ?? process);
  const made = all.map((settings) => {
    const setup = {
      settings,
      store,
      appender,
      clock,
      environment: SYSTEM_ENVIRONMENT,
      solitude,
      process: processing,
      create,
      on,
    };
    return new EventStoreReceiver(setup, subscriptionsOf(store, shapeOfAddress(settings)));
  });
  const isRouted = all.some(({ address, sends }) => address === host.name && sends === "transactional");
  const dispatcher = new Dispatcher({
    appender,
    source: host.name,
    intermediate: isRouted ? intermediateStream(host.name) : undefined,
    now: () => clock.now(),
  });
  const watching = new AbortController();
  const addresses = all.map(({ address }) => address);
  const watched =
    addresses.length > 0 &&
    watch(
      store,
      addresses,
      { ...byThisProcess(), signal: watching.signal },
      {
        failed: (problem) => on({ kind: "projection failed", ...problem }),
        recovered: (problem) => on({ kind: "projection recovered", ...problem }),
      },
    );
  const listeners = new Set<Listener>();
  return {
    dispatcher,
    async listen(address, heard, signal) {
      requireComponentName(address);
      const listener = new Listener(store, address, SYSTEM_ENVIRONMENT, (event) => {
        const metadata = metadataOf(event);
        heard(transportMessageOf(event, metadata, contextOfEvent(event, metadata).messageId));
      });
      await listener.start();
      listeners.add(listener);
      const stop = (): void => void (listeners.delete(listener), listener.stop());
      if (signal?.aborted === true) stop();
      else signal?.addEventListener("abort", stop, { once: true });
    },
    receivers: new Map(made.map((receiver) => [receiver.receiveAddress, receiver])),
    store,
    appender,
    patience,
    async shutdown(deadline) {
      watching.abort();
      await Promise.all(made.map((receiver) => receiver.stop(deadline)));
      await dispatcher.drained();
      await Promise.all([...listeners].map((listener) => listener.stop()));
      await watched;
      await store.dispose();
    },
  };
}
