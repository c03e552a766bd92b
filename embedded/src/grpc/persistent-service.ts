import type { handleUnaryCall } from "@grpc/grpc-js";
import { nameOf } from "../persistent/group-config.ts";
import type { PersistentSubscriptions } from "../persistent/subsystem.ts";
import type { Action } from "../security/permission.ts";
import type { Access, Call } from "./access.ts";
import { unaryCall } from "./calls.ts";
import { handlerException } from "./errors.ts";
import type { OpenCalls } from "./open-calls.ts";
import { persistentCall } from "./persistent-call.ts";
import { groupConfigOf, groupNameOf, refuseAll } from "./persistent-config.ts";
import { groupFailure } from "./persistent-errors.ts";
import { subscriptionInfoOf } from "./persistent-info.ts";
import type { persistentSubscriptionsService } from "./wire/persistent.ts";
import type { Handlers } from "./wire/service.ts";

/** The PersistentSubscriptions service: every call decoded, handed to the groups and answered. */
export function persistentHandlers(
  groups: PersistentSubscriptions,
  openCalls: OpenCalls,
  access: Access,
): Handlers<typeof persistentSubscriptionsService> {
  const { operate, inspect } = commands(access);
  return {
    create: operate(async ({ options }) => {
      await groups.create(groupConfigOf("Create", options));
      return {};
    }),
    update: operate(async ({ options }) => {
      const config = groupConfigOf("Update", options);
      await groups.update(nameOf(config), config.start, config.settings);
      return {};
    }),
    delete: operate(async ({ options }) => {
      if (options?.streamOption?.case === "streamIdentifier") refuseAll("Delete", options.streamOption.value);
      await groups.delete(groupNameOf(options?.streamOption, options?.groupName ?? ""));
      return {};
    }),
    read: persistentCall(groups, openCalls, access),
    getInfo: inspect(({ options }) => {
      const info = groups.info(groupNameOf(options?.streamOption, options?.groupName ?? ""));
      return { subscriptionInfo: subscriptionInfoOf(info) };
    }),
    replayParked: operate(({ options }) => {
      const name = groupNameOf(options?.streamOption, options?.groupName ?? "");
      const stopAt = options?.stopAtOption?.case === "stopAt" ? Number(options.stopAtOption.value) : undefined;
      groups.replayParked(name, stopAt);
      return {};
    }),
    list: inspect(({ options }) => {
      const what = options?.listOption;
      if (what === undefined) throw handlerException();
      if (what.case === "listAllSubscriptions") return { subscriptions: groups.list().map(subscriptionInfoOf) };
      const of = what.value.streamOption;
      const { stream } = groupNameOf(of?.case === "stream" ? { case: "streamIdentifier", value: of.value } : of, "");
      return { subscriptions: groups.listOf(stream).map(subscriptionInfoOf) };
    }),
    restartSubsystem: operate(async () => {
      await groups.restart();
      return {};
    }),
  };
}

/** Calls that only some may make, whose errors of groups become what the client knows them by. */
function commands(access: Access) {
  const allowed =
    (action: Action) =>
    <Request, Response>(
      answer: (request: Request) => Response | Promise<Response>,
    ): handleUnaryCall<Request, Response> =>
      unaryCall(async (request, call: Call) => {
        access.require(call, action);
        try {
          return await answer(request);
        } catch (error) {
          throw groupFailure(error);
        }
      });
  return { operate: allowed({ kind: "operate" }), inspect: allowed({ kind: "inspect" }) };
}
