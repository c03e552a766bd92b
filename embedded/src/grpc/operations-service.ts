import { status } from "@grpc/grpc-js";
import type { Scavenges } from "../streams/scavenges.ts";
import type { Access, Call } from "./access.ts";
import { unaryCall } from "./calls.ts";
import { CallFailure, invalidArgument } from "./errors.ts";
import type { operationsService } from "./wire/operations.ts";
import type { Handlers } from "./wire/service.ts";

export interface OperationsOptions {
  readonly scavenges: Scavenges;
  readonly access: Access;
  /** Begins to stop the server; not waited for, since the call that asks for it has to end first. */
  readonly shutDown: () => void;
  readonly restartPersistentSubscriptions: () => Promise<void>;
}

/** The Operations service: what whoever runs the server asks of it. */
export function operationsHandlers(options: OperationsOptions): Handlers<typeof operationsService> {
  const { scavenges, access, shutDown, restartPersistentSubscriptions } = options;
  const operate = <Request, Response>(answer: (request: Request) => Promise<Response>) =>
    unaryCall<Request, Response>((request, call: Call) => {
      access.require(call, { kind: "operate" });
      return answer(request);
    });
  /** There are no index files to merge, and no other node to lead or to be preferred: it is done as it is asked. */
  const done = async () => ({});

  return {
    startScavenge: operate(async ({ options: wanted }) => {
      if ((wanted?.threadCount ?? 0) < 0) throw invalidArgument("A scavenge has at least one thread.");
      if ((wanted?.startFromChunk ?? 0) < 0) throw invalidArgument("The first chunk is number 0.");
      const { id, isNew } = await scavenges.start();
      return { scavengeId: id, scavengeResult: isNew ? "Started" : "InProgress" };
    }),
    stopScavenge: operate(async ({ options: wanted }) => {
      const id = wanted?.scavengeId ?? "";
      if (!(await scavenges.stop(id))) throw scavengeNotFound(id);
      return { scavengeId: id, scavengeResult: "Stopped" };
    }),
    shutdown: operate(async () => {
      setImmediate(shutDown);
      return {};
    }),
    mergeIndexes: operate(done),
    resignNode: operate(done),
    setNodePriority: operate(done),
    restartPersistentSubscriptions: operate(async () => {
      await restartPersistentSubscriptions();
      return {};
    }),
  };
}

/** Spec 1.5. */
function scavengeNotFound(id: string): CallFailure {
  return new CallFailure(status.NOT_FOUND, `There is no scavenge ${id} that runs.`, {
    exception: "scavenge-not-found",
    "scavenge-id": id,
  });
}
