import { status } from "@grpc/grpc-js";
import type { DeletionFlags, ProjectionMode } from "../projections/management/document.ts";
import type { Projections } from "../projections/management/projections.ts";
import type { ProjectionStatistics } from "../projections/management/managed-projection.ts";
import type { Action } from "../security/permission.ts";
import type { Access } from "./access.ts";
import { unaryCall, streamingCall } from "./calls.ts";
import type { Compat } from "./compat.ts";
import { CallFailure, invalidArgument } from "./errors.ts";
import type { OpenCalls } from "./open-calls.ts";
import { projectionFailure } from "./projections-errors.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import type { details, projectionsService, statisticsReq } from "./wire/projections.ts";
import type { Handlers } from "./wire/service.ts";
import type { Json } from "./wire/value.ts";

/** The Projections service: every call decoded, handed to the projections and answered. */
export function projectionsHandlers(
  projections: Projections,
  openCalls: OpenCalls,
  newId: () => string,
  access: Access,
  compat: Compat,
): Handlers<typeof projectionsService> {
  const operate = commands(access, { kind: "operate" }, compat);
  const inspect = commands(access, { kind: "inspect" }, compat);
  return {
    create: operate("Updated", async ({ options }) => {
      const mode = options?.mode;
      if (options === undefined || mode === undefined) throw invalidArgument("A projection needs a mode.");
      if (options.engineVersion > 1) {
        throw new CallFailure(
          status.UNIMPLEMENTED,
          `Projection engine ${options.engineVersion} is not offered by this server; leave the version out for engine 1.`,
        );
      }
      const isContinuous = mode.case === "continuous";
      await projections.create({
        name: mode.case === "oneTime" ? newId() : mode.value.name,
        mode: isContinuous ? "Continuous" : mode.case === "oneTime" ? "OneTime" : "Transient",
        query: options.query,
        emitEnabled: isContinuous && mode.value.emitEnabled,
        trackEmittedStreams: isContinuous && mode.value.trackEmittedStreams,
      });
      return {};
    }),
    update: operate("Updated", async ({ options }) => {
      const emit = options?.emitOption;
      // Whoever does not speak of emitting turns it off (corrections 3.9).
      const emitEnabled = emit?.case === "emitEnabled" && emit.value;
      await projections.update(options?.name ?? "", options?.query ?? "", emitEnabled);
      return {};
    }),
    delete: operate("Updated", async ({ options }) => {
      const flags: DeletionFlags = {
        checkpointStream: options?.deleteCheckpointStream ?? false,
        stateStream: options?.deleteStateStream ?? false,
        emittedStreams: options?.deleteEmittedStreams ?? false,
      };
      await projections.delete(options?.name ?? "", flags);
      return {};
    }),
    statistics: streamingCall(openCalls, async ({ options }, responses, call) => {
      access.require(call, { kind: "inspect" });
      for (const one of answering("Statistics", compat, () => statisticsOf(projections, options?.mode))) {
        if (!responses.write({ details: detailsOf(one) })) await responses.drained();
      }
    }),
    disable: operate("Updated", async ({ options }) => {
      await projections.disable(options?.name ?? "", options?.writeCheckpoint ?? false);
      return {};
    }),
    enable: operate("Updated", async ({ options }) => {
      await projections.enable(options?.name ?? "");
      return {};
    }),
    reset: operate("Updated", async ({ options }) => {
      await projections.reset(options?.name ?? "");
      return {};
    }),
    state: inspect("ProjectionState", async ({ options }) => ({
      state: await valueOf(projections.state(options?.name ?? "", options?.partition ?? "")),
    })),
    result: inspect("ProjectionResult", async ({ options }) => ({
      result: await valueOf(projections.result(options?.name ?? "", options?.partition ?? "")),
    })),
    restartSubsystem: operate("SubsystemRestarting", async () => {
      await projections.restart();
      return {};
    }),
  };
}

/**
 * Calls that may be made by those who may do `action`, whose errors become what the client knows them by; `expected`
 * is the answer that the server names in them.
 */
function commands(access: Access, action: Action, compat: Compat) {
  return <Request, Response>(expected: string, answer: (request: Request) => Promise<Response>) =>
    unaryCall<Request, Response>(async (request, call) => {
      access.require(call, action);
      try {
        return await answer(request);
      } catch (error) {
        throw projectionFailure(error, expected, compat);
      }
    });
}

function answering<T>(expected: string, compat: Compat, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw projectionFailure(error, expected, compat);
  }
}

const MODES: Readonly<Record<string, ProjectionMode>> = {
  transient: "Transient",
  continuous: "Continuous",
  oneTime: "OneTime",
};

type Wanted = NonNullable<Decoded<typeof statisticsReq>["options"]>["mode"] | undefined;

/** No name means all of them (golden `projection-management/missing-projection`). */
function statisticsOf(projections: Projections, wanted: Wanted): readonly ProjectionStatistics[] {
  const name = wanted?.case === "name" ? wanted.value : "";
  return name === "" ? projections.list(MODES[wanted?.case ?? ""]) : [projections.statistics(name)];
}

function detailsOf(statistics: ProjectionStatistics): Encodable<typeof details> {
  const { version, lastCheckpoint, ...rest } = statistics;
  return {
    ...rest,
    version: version.version,
    epoch: version.epoch,
    effectiveName: statistics.name,
    lastCheckpoint,
  };
}

/** What the server shows of a state that there is none of. */
const NO_STATE: Json = {};

/** A question that the real server leaves open ends by the client's own deadline here, too (corrections 3.1). */
async function valueOf(text: string | null | undefined): Promise<Json> {
  const value = text === undefined ? undefined : text === null || text === "" ? NO_STATE : parse(text);
  return value === undefined ? new Promise<Json>(() => {}) : (value ?? NO_STATE);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
