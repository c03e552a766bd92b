import type { ConformanceBench } from "@sluice/transport/conformance";
import type { TransportDefinition } from "@sluice/transport/seam";
import { MEMORY_CAPABILITIES, MemoryBroker, TOO_LARGE } from "./memory-broker.ts";
import { MemoryReceiver } from "./memory-receiver.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** A transport in memory that keeps every promise of the seam: the reference that the suite is tried with. */
function memoryTransport(broker: MemoryBroker): TransportDefinition {
  return {
    capabilities: MEMORY_CAPABILITIES,
    async initialize(host, receivers) {
      const made = receivers.map(({ address }) => new MemoryReceiver(address, broker, host));
      return {
        dispatcher: { dispatch: async (operations) => broker.dispatch(operations) },
        receivers: new Map(made.map((receiver) => [receiver.receiveAddress, receiver])),
        shutdown: async (deadline) => void (await Promise.all(made.map((receiver) => receiver.stop(deadline)))),
      };
    },
  };
}

/** A server in memory, and all that a bench can do. */
export function memoryBench(
  makeBroker = (clock: VirtualClock) => new MemoryBroker(clock),
): Required<ConformanceBench> & { readonly clock: VirtualClock } {
  const clock = new VirtualClock();
  const broker = makeBroker(clock);
  let addresses = 0;
  const interrupt = async () => broker.takeAllBack();
  return {
    capabilities: MEMORY_CAPABILITIES,
    createTransport: () => memoryTransport(broker),
    address: () => `place${(addresses += 1)}`,
    clock,
    patience: 30_000,
    restart: interrupt,
    cutConnection: interrupt,
    freeze: interrupt,
    crash: async () => broker.crashAll(),
    loseMessage: async (address, id) => broker.lose(address, id),
    parked: async (address) => broker.parked(address),
    tooLarge: TOO_LARGE,
  };
}
