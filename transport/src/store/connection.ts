import {
  AccessDeniedError,
  convertToCommandError,
  type EventStoreDBClient,
  type GRPCClientConstructor,
} from "@eventstore/db-client";
import { AccessRefused } from "./access-refused.ts";
import { CALL_LIMIT, type CallArguments, type Calls, type Stub } from "./calls.ts";
import { type OpenClient, openClient } from "./client.ts";
import { StreamsClient } from "./generated.ts";
import { isTransient, leavesInDoubt } from "./is-transient.ts";
import { type Heard, Liveness, type Standing } from "./liveness.ts";
import { readNothing } from "./read.ts";
import { ServerUnreachable } from "./server-unreachable.ts";
import { CLOSED_HERE } from "./why-unreachable.ts";

/** Milliseconds after which a call is over although its own deadline has not ended it: the client has none while it looks for a leader. */
const GRACE = 250;
/** As gRPC counts. */
const [DEADLINE_EXCEEDED, PERMISSION_DENIED] = [4, 7];

/** The way to a server by the official client. */
export class Connection implements Calls {
  readonly address: string;
  readonly #liveness: Liveness;
  /** How each call that is not answered yet is given up. */
  readonly #pending = new Set<(why: ServerUnreachable) => void>();
  readonly #open: OpenClient;
  #isDisposed = false;
  #hasAnswered = false;

  /**
   * @param heard shared by the connections of a process to the same server.
   * @throws BadConnectionString. Nothing is connected yet: the first call does that.
   */
  constructor(connectionString: string, heard: Heard) {
    this.#open = openClient(connectionString);
    this.address = /:\/\/(?:[^@/]*@)?([^?/]*)/.exec(connectionString)?.[1] ?? connectionString;
    this.#liveness = new Liveness({
      heard,
      isWaited: () => this.#pending.size > 0,
      probe: (limit) => this.#probe(limit),
      lost: () => this.#leave(),
      now: () => performance.now(),
    });
  }

  /** Whether a server has ever answered: if none has, there may be none at this address. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  call<Answer>(call: (client: EventStoreDBClient) => Promise<Answer>): Promise<Answer> {
    return this.#told(CALL_LIMIT, call);
  }

  withStub<S extends Stub, Answer>(
    stub: GRPCClientConstructor<S>,
    limit: number,
    action: (stub: S, given: CallArguments) => Promise<Answer>,
  ): Promise<Answer> {
    return this.#told(limit, (client) => withStub(client, stub, limit, action));
  }

  get slowness(): number {
    return this.#liveness.slowness;
  }

  heard(): void {
    this.#hasAnswered = true;
    this.#liveness.heard();
  }

  suspect(): void {
    this.#liveness.suspect();
  }

  unreachable(why: string): ServerUnreachable {
    return new ServerUnreachable(this.address, { cause: new Error(why) });
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#giveUp(CLOSED_HERE);
    this.#liveness.close();
    await this.#open.close();
  }

  /** Leaves the node for the leader that is found now. What is open on it ends with ServerUnreachable. */
  #leave(): void {
    // A discovery that fails is told to whoever calls next.
    if (!this.#isDisposed) this.#open.lookAnew().catch(() => {});
    this.#giveUp("It fell silent, or leads its cluster no more.");
  }

  #giveUp(why: string): void {
    const unreachable = this.unreachable(why);
    for (const giveUp of this.#pending) giveUp(unreachable);
  }

  async #told<Answer>(limit: number, call: (client: EventStoreDBClient) => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await this.#limited(limit, call);
      this.heard();
      return answer;
    } catch (failure) {
      const cause = failure instanceof Error ? convertToCommandError(failure) : failure;
      if (leavesInDoubt(cause)) this.#liveness.suspect();
      if (isTransient(cause)) throw new ServerUnreachable(this.address, { cause });
      if (!(cause instanceof ServerUnreachable)) this.heard();
      throw isRefusal(cause) ? new AccessRefused(this.address, { cause }) : cause;
    }
  }

  async #limited<Answer>(limit: number, call: (client: EventStoreDBClient) => Promise<Answer>): Promise<Answer> {
    if (this.#isDisposed) throw this.unreachable(CLOSED_HERE);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const end = limit + GRACE;
    const late =
      limit === Infinity
        ? undefined
        : setTimeout(() => {
            this.#liveness.suspect();
            reject(this.unreachable(`It did not answer within ${end} ms.`));
          }, end);
    this.#pending.add(reject);
    this.#liveness.watch();
    call(this.#open.client).then(resolve, reject);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#pending.delete(reject);
    }
  }

  async #probe(limit: number): Promise<Standing> {
    try {
      await withStub(this.#open.client, StreamsClient, limit, readNothing);
      this.heard();
    } catch (failure) {
      const cause = failure instanceof Error ? convertToCommandError(failure) : failure;
      if (leavesInDoubt(cause))
        return Reflect.get(Object(cause), "code") === DEADLINE_EXCEEDED ? "silent" : "leads no more";
      if (!isTransient(cause)) this.heard();
    }
    return "leads";
  }
}

function withStub<S extends Stub, Answer>(
  client: EventStoreDBClient,
  stub: GRPCClientConstructor<S>,
  limit: number,
  action: (stub: S, given: CallArguments) => Promise<Answer>,
): Promise<Answer> {
  // A node that does not lead says who does, and the client goes there. Its own answers may be old.
  const given = client["callArguments"](
    { requiresLeader: true },
    { deadline: limit === Infinity ? limit : Date.now() + limit },
  );
  return client["execute"](stub, stub.name, (made) => action(made, given));
}

const isRefusal = (error: unknown): boolean =>
  error instanceof AccessDeniedError || (error instanceof Error && Reflect.get(error, "code") === PERMISSION_DENIED);
