import { type handleUnaryCall, status } from "@grpc/grpc-js";
import {
  UserChangedError,
  UserExistsError,
  UserNotFoundError,
  UserRefusedError,
  WrongPasswordError,
} from "../security/errors.ts";
import type { Action } from "../security/permission.ts";
import type { StoredUser, UserDescription, Users } from "../security/users.ts";
import { type Access, accessDenied, type Call } from "./access.ts";
import { streamingCall, unaryCall } from "./calls.ts";
import { CallFailure } from "./errors.ts";
import type { OpenCalls } from "./open-calls.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import type { Handlers } from "./wire/service.ts";
import type { createUserReq, userDetailsResp, usersService } from "./wire/users.ts";

const TICKS_PER_MS = 10_000n;
const ADMINISTER: Action = { kind: "administer" };

/** The Users service: each call decoded, allowed, handed to the users and answered. */
export function usersHandlers(users: Users, openCalls: OpenCalls, access: Access): Handlers<typeof usersService> {
  /** A call that only admins may make. */
  const command = <Request>(perform: (request: Request) => Promise<void>): handleUnaryCall<Request, object> =>
    answering((request: Request, call) => {
      access.require(call, ADMINISTER);
      return perform(request);
    });

  return {
    create: command(({ options }) => users.create(descriptionOf(options), options?.password ?? "")),
    update: command(({ options }) => users.update(descriptionOf(options))),
    delete: command(({ options }) => users.delete(options?.loginName ?? "")),
    disable: command(({ options }) => users.setDisabled(options?.loginName ?? "", true)),
    enable: command(({ options }) => users.setDisabled(options?.loginName ?? "", false)),
    resetPassword: command(({ options }) => users.resetPassword(options?.loginName ?? "", options?.newPassword ?? "")),
    changePassword: answering(({ options }, call) => {
      const login = options?.loginName ?? "";
      access.require(call, { kind: "own-user", right: "change-password", login });
      return users.changePassword(login, options?.currentPassword ?? "", options?.newPassword ?? "");
    }),
    details: streamingCall(openCalls, async ({ options }, responses, call) => {
      const login = options?.loginName ?? "";
      access.require(call, login === "" ? ADMINISTER : { kind: "own-user", right: "see", login });
      const found = login === "" ? undefined : users.find(login);
      if (login !== "" && found === undefined) throw userFailure(new UserNotFoundError(login));
      for (const one of found === undefined ? users.list() : [found]) {
        if (!responses.write(detailsOf(one))) await responses.drained();
      }
    }),
  };
}

/** A server without security has no users: every call says so. */
export function noUsersHandlers(openCalls: OpenCalls): Handlers<typeof usersService> {
  const refuse = () => {
    throw new CallFailure(
      status.UNIMPLEMENTED,
      "This server runs without security, so it has no users and asks for no passwords. Start it with --tls to have both.",
    );
  };
  const none = unaryCall<unknown, object>(refuse);
  return {
    create: none,
    update: none,
    delete: none,
    disable: none,
    enable: none,
    resetPassword: none,
    changePassword: none,
    details: streamingCall(openCalls, async () => refuse()),
  };
}

/** A call whose errors become what the client knows them by. */
function answering<Request>(
  perform: (request: Request, call: Call) => Promise<void>,
): handleUnaryCall<Request, object> {
  return unaryCall(async (request, call) => {
    try {
      await perform(request, call);
      return {};
    } catch (error) {
      throw userFailure(error);
    }
  });
}

/** The error as the client is to see it (spec 1.5); any other as it is. */
function userFailure(error: unknown): unknown {
  if (error instanceof UserNotFoundError) {
    const trailers = { exception: "user-not-found", "login-name": error.login };
    return new CallFailure(status.NOT_FOUND, error.message, trailers, error);
  }
  if (error instanceof UserExistsError) {
    const trailers = { exception: "user-conflict", "login-name": error.login };
    return new CallFailure(status.FAILED_PRECONDITION, error.message, trailers, error);
  }
  if (error instanceof WrongPasswordError) return accessDenied();
  if (error instanceof UserRefusedError) return new CallFailure(status.INVALID_ARGUMENT, error.message, {}, error);
  if (error instanceof UserChangedError) return new CallFailure(status.ABORTED, error.message, {}, error);
  return error;
}

function descriptionOf(options: Decoded<typeof createUserReq>["options"]): UserDescription {
  return { login: options?.loginName ?? "", fullName: options?.fullName ?? "", groups: options?.groups ?? [] };
}

function detailsOf({ user, changed }: StoredUser): Encodable<typeof userDetailsResp> {
  return {
    userDetails: {
      loginName: user.login,
      fullName: user.fullName,
      groups: user.groups,
      lastUpdated: { ticksSinceEpoch: BigInt(changed) * TICKS_PER_MS },
      disabled: user.isDisabled,
    },
  };
}
