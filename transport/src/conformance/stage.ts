import type {
  Headers,
  MessageDispatcher,
  MulticastOperation,
  ReceiveSettings,
  TransportInfrastructure,
  TransportMessage,
  UnicastOperation,
} from "../seam/index.ts";
import type { ConformanceBench, ConformanceClock } from "./conformance-bench.ts";
import { type Gate, gate } from "./gate.ts";
import { FENCE, listen, type Listener, type ListenOptions, notes, type Notes } from "./listener.ts";
import { testMessage } from "./test-message.ts";
import { REAL_CLOCK, until } from "./until.ts";

/** What an operation of a case says besides its message. */
type Unicast = Omit<UnicastOperation, "message" | "destination">;
type Multicast = Omit<MulticastOperation, "message">;

/** On this a case plays: it opens transports, sends, listens and waits, and cleans up behind itself. */
export class Stage {
  readonly bench: ConformanceBench;
  readonly #clock: ConformanceClock;
  readonly #patience: number | undefined;
  readonly #open: TransportInfrastructure[] = [];
  readonly #gates: Gate[] = [];
  #sender: Promise<TransportInfrastructure> | undefined;
  #isOver = false;

  constructor(bench: ConformanceBench) {
    this.bench = bench;
    this.#clock = bench.clock ?? REAL_CLOCK;
    this.#patience = bench.patience;
  }

  /** The case has ended: what goes on beside it should end. */
  get isOver(): boolean {
    return this.#isOver;
  }

  address(): string {
    return this.bench.address();
  }

  now(): number {
    return this.#clock.now().getTime();
  }

  /** So many milliseconds from now. */
  soon(milliseconds: number): Date {
    return new Date(this.now() + milliseconds);
  }

  /** A gate that is open at the latest when the case has ended. */
  gate(): Gate {
    const made = gate();
    this.#gates.push(made);
    return made;
  }

  /** @throws AssertionError that says what was expected, when it has not come about in time. */
  until(expected: string, probe: () => boolean | Promise<boolean>): Promise<void> {
    return until(expected, probe, this.#patience, this.#clock);
  }

  /** Lets others go on: what a case does over and over must not take the whole process. */
  async breathe(): Promise<void> {
    await this.#clock.sleep(1);
  }

  /** What the promise gives. @throws AssertionError when it does not settle in time, and what it rejects with. */
  async settled<Value>(expected: string, promise: Promise<Value>): Promise<Value> {
    let ended = false;
    const end = () => void (ended = true);
    const ending = promise.then(end, end);
    await Promise.race([ending, this.until(expected, () => ended)]);
    return await promise;
  }

  /** A host of its own, as another process would be. */
  async host(name: string, receivers: readonly ReceiveSettings[], into: Notes = notes()) {
    const transport = await this.bench.createTransport();
    const onCriticalError = (critical: Notes["critical"][number]) => void into.critical.push(critical);
    const infrastructure = await this.settled(
      "the transport to initialize",
      transport.initialize({ name, onCriticalError }, receivers),
    );
    this.#open.push(infrastructure);
    return infrastructure;
  }

  /** One more instance that listens at an address. */
  async listen(address: string, options: ListenOptions = {}): Promise<Listener> {
    const into = notes();
    const infrastructure = await this.host(address, [{ address }], into);
    return await this.settled("the receiver to start", listen(address, infrastructure, into, options));
  }

  /** Sends from a host that only sends, each by itself and one after the other. */
  async send(destination: string, messages: readonly TransportMessage[], how: Unicast = {}): Promise<void> {
    const { dispatcher } = await this.#sending();
    for (const message of messages)
      await this.#dispatched(dispatcher.dispatch({ unicast: [{ ...how, message, destination }] }));
  }

  /** Publishes from a host that only sends, each by itself and one after the other. */
  async publish(messages: readonly TransportMessage[], how: Multicast = {}): Promise<void> {
    const { dispatcher } = await this.#sending();
    for (const message of messages) await this.#dispatched(dispatcher.dispatch({ multicast: [{ ...how, message }] }));
  }

  /** Sends again what is refused while the server is away, under the same ids. */
  async sendAnyhow(destination: string, messages: readonly TransportMessage[]): Promise<void> {
    for (const message of messages)
      await this.until("the server to take a message again", () =>
        this.send(destination, [message]).then(
          () => true,
          () => false,
        ),
      );
  }

  /**
   * Settles when what was sent before to the address, and of the published type, has come through to those who listen at it, or
   * nothing more of it will: two rounds of a message of its own have been received.
   * @param listeners all that listen at one address.
   */
  async fence(listeners: Listener | readonly Listener[], type?: string): Promise<void> {
    const those = [listeners].flat();
    const received = (): number => those.reduce((sum, { fences }) => sum + fences.count, 0);
    const headers: Headers = { [FENCE]: true };
    for (let round = 0; round < 2; round += 1) {
      const before = received();
      for (const address of new Set(those.map(({ address }) => address)))
        await this.send(address, [testMessage({ headers })]);
      if (type !== undefined) await this.publish([testMessage({ type, headers })]);
      const expected = type === undefined ? 1 : 2;
      await this.until("a message sent afterwards to be received", () => received() >= before + expected);
    }
  }

  /** Stops with time enough, and fails where that does not end. */
  async stop({ receiver }: Listener): Promise<void> {
    await this.settled("the receiver to stop", receiver.stop(new AbortController().signal));
  }

  /** Ends one host as a process does that is told to: with time enough. */
  async end({ infrastructure }: Listener): Promise<void> {
    await this.settled("the transport to shut down", infrastructure.shutdown(new AbortController().signal));
    this.#open.splice(this.#open.indexOf(infrastructure), 1);
  }

  /** Forgets the hosts that are gone with their process. */
  crashed(): void {
    this.#open.length = 0;
    this.#sender = undefined;
  }

  async cleanUp(): Promise<void> {
    this.#isOver = true;
    for (const gate of this.#gates) gate.open();
    const ending = this.#open.splice(0).map((infrastructure) => infrastructure.shutdown(AbortSignal.abort()));
    await this.settled("the transports to shut down", Promise.allSettled(ending));
  }

  async #sending(): Promise<{ readonly dispatcher: MessageDispatcher }> {
    this.#sender ??= this.host(this.address(), []);
    return await this.#sender;
  }

  async #dispatched(dispatching: Promise<void>): Promise<void> {
    await this.settled("what is sent to be stored, or refused", dispatching);
  }
}

/** Plays a case on a stage of its own. The first thing that went wrong is told, not what that led to. */
export async function onStage(bench: ConformanceBench, play: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = new Stage(bench);
  try {
    await play(stage);
  } catch (error) {
    await stage.cleanUp().catch(() => {});
    throw error;
  }
  await stage.cleanUp();
}
