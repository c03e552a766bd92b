import {
  type Metadata,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
} from "@grpc/grpc-js";
import type { Authenticator } from "../security/authenticator.ts";
import { parseBasic } from "../security/basic-credentials.ts";
import { TooManyLoginsError } from "../security/errors.ts";
import { ANONYMOUS, type Principal } from "../security/principal.ts";
import { accessDenied, type Call } from "./access.ts";
import { CallFailure, failureOf } from "./errors.ts";
import { gossipService } from "./wire/gossip.ts";
import { serverFeaturesService } from "./wire/server-features.ts";

/** What clients ask before they log in, without credentials (spec 1.3). */
const PUBLIC: ReadonlySet<string> = new Set([
  `/${gossipService.name}/${gossipService.methods.read.name}`,
  `/${serverFeaturesService.name}/${serverFeaturesService.methods.getSupportedMethods.name}`,
]);

const HEADER = "authorization";

export interface Authentication {
  /** To be given to the gRPC server: nothing of a call is read before its caller is known. */
  readonly interceptor: ServerInterceptor;
  /** Who makes a call that came through {@link interceptor}. */
  readonly callerOf: (call: Call) => Principal;
}

/**
 * Tells who makes each call from its Basic credentials. Wrong ones end it with UNAUTHENTICATED; a call without any,
 * unless it is one that everybody may make, with PERMISSION_DENIED.
 */
export function authentication(authenticator: Authenticator): Authentication {
  const callers = new WeakMap<Metadata, Principal>();

  function callerBy(metadata: Metadata, path: string): Principal | Promise<Principal> {
    const headers = metadata.get(HEADER);
    metadata.remove(HEADER);
    if (headers.length === 0) {
      if (PUBLIC.has(path)) return ANONYMOUS;
      throw accessDenied();
    }
    const credentials = headers.length === 1 ? parseBasic(String(headers[0])) : undefined;
    if (credentials === undefined) throw unauthenticated("The credentials are not a login and a password.");
    const found = authenticator.authenticate(credentials);
    return found instanceof Promise ? found.then(orRefuse, refuse) : found;
  }

  return {
    callerOf: ({ metadata }) => callers.get(metadata) ?? ANONYMOUS,
    interceptor: (method, call) => {
      const listener = new ServerListenerBuilder()
        .withOnReceiveMetadata((metadata, next) => {
          const admit = (caller: Principal): void => {
            callers.set(metadata, caller);
            next(metadata);
          };
          try {
            const caller = callerBy(metadata, method.path);
            if (caller instanceof Promise) caller.then(admit, (error: unknown) => end(call, error));
            else admit(caller);
          } catch (error) {
            end(call, error);
          }
        })
        .build();
      return new ServerInterceptingCall(call, { start: (next) => next(listener) });
    },
  };
}

function orRefuse(principal: Principal | undefined): Principal {
  if (principal === undefined) throw unauthenticated("The login or the password is wrong, or the user is disabled.");
  return principal;
}

function refuse(error: unknown): never {
  if (error instanceof TooManyLoginsError) throw new CallFailure(status.UNAVAILABLE, error.message, {}, error);
  throw error;
}

function unauthenticated(details: string): CallFailure {
  return new CallFailure(status.UNAUTHENTICATED, details);
}

function end(call: ServerInterceptingCallInterface, error: unknown): void {
  const { code, details, metadata } = failureOf(error);
  call.sendStatus({ code, details, metadata });
}
