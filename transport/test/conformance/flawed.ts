import type { ConformanceBench } from "@sluice/transport/conformance";
import type {
  ErrorContext,
  ErrorResult,
  HostSettings,
  MessageDispatcher,
  MessageReceiver,
  Operations,
  ReceiveContext,
  ReceiveLimits,
  ReceiveSettings,
  SubscriptionManager,
  TransportDefinition,
  TransportInfrastructure,
} from "@sluice/transport/seam";

/** Where a dispatcher stands: a host's own, a handler's, an error policy's. */
export type Place = "host" | "handler" | "policy";

/** What a transport does otherwise than its promise; what is not named is kept. */
export interface Flaw {
  readonly host?: (host: HostSettings) => HostSettings;
  /** As the bus gives them, before the transport in memory sees them. */
  readonly limits?: (limits: ReceiveLimits) => ReceiveLimits;
  readonly changeLimits?: (limits: ReceiveLimits, receiver: MessageReceiver) => void;
  readonly onMessage?: (context: ReceiveContext, next: (context: ReceiveContext) => Promise<void>) => Promise<void>;
  readonly onError?: (
    context: ErrorContext,
    next: (context: ErrorContext) => Promise<ErrorResult>,
  ) => Promise<ErrorResult>;
  readonly dispatch?: (operations: Operations, next: MessageDispatcher["dispatch"], place: Place) => Promise<void>;
  /** A handler's dispatcher, given also the host's. */
  readonly handlerDispatch?: (
    operations: Operations,
    next: MessageDispatcher["dispatch"],
    atOnce: MessageDispatcher["dispatch"],
  ) => Promise<void>;
  readonly start?: (receiver: MessageReceiver) => Promise<void>;
  readonly stop?: (deadline: AbortSignal, receiver: MessageReceiver) => Promise<void>;
  readonly shutdown?: (deadline: AbortSignal, infrastructure: TransportInfrastructure) => Promise<void>;
  readonly subscriptions?: (manager: SubscriptionManager, receiver: MessageReceiver) => SubscriptionManager;
  /** Hears which addresses the host receives from; none: it only sends. */
  readonly initialize?: (receivers: readonly ReceiveSettings[]) => void;
}

/** A bench whose transports have the flaw that is made anew for each of them. */
export function flawed(bench: ConformanceBench, makeFlaw: () => Flaw): ConformanceBench {
  return {
    ...bench,
    createTransport: async () => withFlaw(await bench.createTransport(), makeFlaw()),
  };
}

function withFlaw(transport: TransportDefinition, flaw: Flaw): TransportDefinition {
  return {
    capabilities: transport.capabilities,
    async initialize(host, receivers) {
      flaw.initialize?.(receivers);
      const infrastructure = await transport.initialize(flaw.host?.(host) ?? host, receivers);
      return {
        dispatcher: dispatcherWith(flaw, infrastructure.dispatcher, "host"),
        receivers: new Map(
          [...infrastructure.receivers].map(([address, receiver]) => [
            address,
            receiverWith(flaw, receiver, infrastructure.dispatcher),
          ]),
        ),
        shutdown: (deadline) => flaw.shutdown?.(deadline, infrastructure) ?? infrastructure.shutdown(deadline),
      };
    },
  };
}

function dispatcherWith({ dispatch }: Flaw, inner: MessageDispatcher, place: Place): MessageDispatcher {
  const next = (operations: Operations) => inner.dispatch(operations);
  return { dispatch: (operations) => dispatch?.(operations, next, place) ?? next(operations) };
}

function receiverWith(flaw: Flaw, receiver: MessageReceiver, host: MessageDispatcher): MessageReceiver {
  const { receiveAddress, subscriptions } = receiver;
  return {
    receiveAddress,
    subscriptions: subscriptions && (flaw.subscriptions?.(subscriptions, receiver) ?? subscriptions),
    initialize: (limits, onMessage, onError) =>
      receiver.initialize(
        flaw.limits?.(limits) ?? limits,
        (context) => {
          const { handlerDispatch } = flaw;
          const own = dispatcherWith(flaw, context.dispatcher, "handler");
          const dispatcher =
            handlerDispatch === undefined
              ? own
              : {
                  dispatch: (operations: Operations) =>
                    handlerDispatch(
                      operations,
                      (inner) => own.dispatch(inner),
                      (inner) => host.dispatch(inner),
                    ),
                };
          const given = { ...context, dispatcher };
          return flaw.onMessage?.(given, onMessage) ?? onMessage(given);
        },
        (context) => {
          const given = { ...context, dispatcher: dispatcherWith(flaw, context.dispatcher, "policy") };
          return flaw.onError?.(given, onError) ?? onError(given);
        },
      ),
    start: () => flaw.start?.(receiver) ?? receiver.start(),
    changeLimits: (limits) =>
      flaw.changeLimits === undefined ? receiver.changeLimits(limits) : flaw.changeLimits(limits, receiver),
    stop: (deadline) => flaw.stop?.(deadline, receiver) ?? receiver.stop(deadline),
  };
}
