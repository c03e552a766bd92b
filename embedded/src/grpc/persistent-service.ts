import type { handleUnaryCall } from "@grpc/grpc-js";
import { nameOf } from "../persistent/group-config.ts";
import type { PersistentSubscriptions } from "../persistent/subsystem.ts";
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
): Handlers<typeof persistentSubscriptionsService> {
  return {
    create: command(async ({ options }) => {
      await groups.create(groupConfigOf("Create", options));
      return {};
    }),
    update: command(async ({ options }) => {
      const config = groupConfigOf("Update", options);
      await groups.update(nameOf(config), config.start, config.settings);
      return {};
    }),
    delete: command(async ({ options }) => {
      if (options?.streamOption?.case === "streamIdentifier") refuseAll("Delete", options.streamOption.value);
      await groups.delete(groupNameOf(options?.streamOption, options?.groupName ?? ""));
      return {};
    }),
    read: persistentCall(groups, openCalls),
    getInfo: command(({ options }) => {
      const info = groups.info(groupNameOf(options?.streamOption, options?.groupName ?? ""));
      return { subscriptionInfo: subscriptionInfoOf(info) };
    }),
    replayParked: command(({ options }) => {
      const name = groupNameOf(options?.streamOption, options?.groupName ?? "");
      const stopAt = options?.stopAtOption?.case === "stopAt" ? Number(options.stopAtOption.value) : undefined;
      groups.replayParked(name, stopAt);
      return {};
    }),
    list: command(({ options }) => {
      const what = options?.listOption;
      if (what === undefined) throw handlerException();
      if (what.case === "listAllSubscriptions") return { subscriptions: groups.list().map(subscriptionInfoOf) };
      const of = what.value.streamOption;
      const { stream } = groupNameOf(of?.case === "stream" ? { case: "streamIdentifier", value: of.value } : of, "");
      return { subscriptions: groups.listOf(stream).map(subscriptionInfoOf) };
    }),
    restartSubsystem: command(async () => {
      await groups.restart();
      return {};
    }),
  };
}

/** A call whose errors of groups become what the client knows them by. */
function command<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return unaryCall(async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      throw groupFailure(error);
    }
  });
}
