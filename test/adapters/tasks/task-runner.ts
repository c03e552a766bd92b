import { randomUUID } from "node:crypto";
import { outgoingIds } from "@sluice/transport";
import type {
  ErrorContext,
  ErrorResult,
  MessageDispatcher,
  ReceiveContext,
  TransportDefinition,
} from "@sluice/transport/seam";

/** What a job says besides its payload. */
export interface JobOptions {
  /** The same id is the same job: it runs once. Default: a new one. */
  readonly id?: string;
  /** The queue it goes to. Default: that of the runner. */
  readonly queue?: string;
  /** Not before this. Default: at once. */
  readonly runAt?: Date;
  /** Times that it is tried before it is put aside. Default 25. */
  readonly maxAttempts?: number;
}

export type AddJob = (task: string, payload: unknown, options?: JobOptions) => Promise<void>;

/** What a task gets besides the payload. */
export interface Helpers {
  readonly jobId: string;
  /** 1 the first time. */
  readonly attempt: number;
  /** Aborted when the runner waits no longer for the task. */
  readonly signal: AbortSignal;
  /** Adds a job when the task has ended well, and the same one if it has to run again. */
  readonly addJob: AddJob;
}

export type Task = (payload: unknown, helpers: Helpers) => Promise<void> | void;

export interface RunnerOptions {
  readonly transport: TransportDefinition;
  readonly queue: string;
  readonly tasks: Readonly<Record<string, Task>>;
  /** Tasks that run at once. Default 10. */
  readonly concurrency?: number;
  /** Milliseconds until the next attempt. Default: e seconds after the first, e² after the second, up to e¹⁰. */
  readonly backoff?: (attempt: number) => number;
}

export interface Runner {
  readonly addJob: AddJob;
  /** Begins no more tasks, and waits for those that run: 10 seconds, unless told otherwise. */
  stop(deadline?: AbortSignal): Promise<void>;
}

const MAX_ATTEMPTS = "max-attempts";
const DEFAULT_ATTEMPTS = 25;

/** Runs the jobs of a queue by the functions that are named like them. */
export async function startRunner({
  transport,
  queue,
  tasks,
  concurrency = 10,
  backoff,
}: RunnerOptions): Promise<Runner> {
  const infrastructure = await transport.initialize(
    // One that is critical, such as a policy that throws, is for whoever watches the process.
    { name: queue, onCriticalError: ({ problem }) => process.emitWarning(problem) },
    [{ address: queue }],
  );
  const receiver = infrastructure.receivers.get(queue);
  await receiver?.initialize(
    { concurrency },
    (context) => runTask(tasks, queue, context),
    async (failure) => afterFailure(tasks, backoff ?? exponential, failure),
  );
  await receiver?.start();
  return {
    addJob: adding(infrastructure.dispatcher, queue, () => randomUUID()),
    stop: (deadline = AbortSignal.timeout(10_000)) => infrastructure.shutdown(deadline),
  };
}

async function runTask(tasks: RunnerOptions["tasks"], queue: string, context: ReceiveContext): Promise<void> {
  const { message, delayedRetries, signal, dispatcher } = context;
  const task = tasks[message.type];
  if (task === undefined) throw new Error(`No task is called ${message.type} here.`);
  const payload: unknown = JSON.parse(Buffer.from(message.body).toString("utf8"));
  // A task that runs again adds jobs of the same ids, by which they are recognized.
  const addJob = adding(dispatcher, queue, outgoingIds(message.id, queue));
  await task(payload, { jobId: message.id, attempt: delayedRetries + 1, signal, addJob });
}

function afterFailure(
  tasks: RunnerOptions["tasks"],
  backoff: (attempt: number) => number,
  { message, delayedRetries }: ErrorContext,
): ErrorResult {
  // Another version of the program may know it.
  if (tasks[message.type] === undefined) return { action: "retry after", milliseconds: 10_000 };
  const attempt = delayedRetries + 1;
  if (attempt < Number(message.headers[MAX_ATTEMPTS] ?? DEFAULT_ATTEMPTS))
    return { action: "retry after", milliseconds: backoff(attempt) };
  return { action: "park", headers: { attempts: attempt } };
}

const exponential = (attempt: number): number => 1_000 * Math.exp(Math.min(10, attempt));

function adding(dispatcher: MessageDispatcher, own: string, newId: (task: string, queue: string) => string): AddJob {
  return async (task, payload, { queue = own, id = newId(task, queue), runAt, maxAttempts } = {}) => {
    const headers = maxAttempts === undefined ? {} : { [MAX_ATTEMPTS]: maxAttempts };
    const body = Buffer.from(JSON.stringify(payload ?? null));
    const message = { id, type: task, headers, body, isJson: true };
    const time = runAt === undefined ? {} : { deliverAt: runAt };
    await dispatcher.dispatch({ unicast: [{ message, destination: queue, ...time }] });
  };
}
