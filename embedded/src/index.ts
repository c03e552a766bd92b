import { randomUUID } from "node:crypto";
import { AppendLoad } from "./grpc/append-load.ts";
import { authentication } from "./grpc/authentication.ts";
import { controlledAccess, OPEN_ACCESS } from "./grpc/access.ts";
import type { Compat } from "./grpc/compat.ts";
import { groupPattern } from "./grpc/bounded-pattern.ts";
import { gossipHandlers } from "./grpc/gossip-service.ts";
import { persistentHandlers } from "./grpc/persistent-service.ts";
import { projectionsHandlers } from "./grpc/projections-service.ts";
import { startGrpcServer } from "./grpc/server.ts";
import { serverFeaturesHandlers } from "./grpc/server-features-service.ts";
import { streamsHandlers } from "./grpc/streams-service.ts";
import { PLAIN_NOTES, timedNotes } from "./grpc/subscription-notes.ts";
import { noUsersHandlers, usersHandlers } from "./grpc/users-service.ts";
import { v2StreamsHandlers } from "./grpc/v2-streams-service.ts";
import { gossipService } from "./grpc/wire/gossip.ts";
import { persistentSubscriptionsService } from "./grpc/wire/persistent.ts";
import { projectionsService } from "./grpc/wire/projections.ts";
import { serverFeaturesService } from "./grpc/wire/server-features.ts";
import { addService } from "./grpc/wire/service.ts";
import { streamsService } from "./grpc/wire/streams.ts";
import { usersService } from "./grpc/wire/users.ts";
import { v2StreamsService } from "./grpc/wire/v2-streams.ts";
import { startPersistentSubscriptions } from "./persistent/subsystem.ts";
import { startProjections } from "./projections/management/projections.ts";
import { scriptCompiler } from "./projections/script/compile.ts";
import type { CertificateFiles } from "./security/certificate.ts";
import { firstPasswordsFrom } from "./security/first-passwords.ts";
import { isLoopback, reachableAt } from "./security/hosts.ts";
import { OpenToStrangersError } from "./security/open-to-strangers.ts";
import { secured } from "./security/secured.ts";
import { EventStore } from "./streams/event-store.ts";

export type { Compat } from "./grpc/compat.ts";

/** Where events are kept: in a directory that survives, or in memory that ends with the server. */
export type Storage =
  | { readonly data: string; readonly memory?: never }
  | { readonly memory: true; readonly data?: never };

/**
 * Who may do what. With security calls need TLS and a login: `admin` and `ops` are there from the start, their passwords
 * those in `EVENTSTORE_DEFAULT_ADMIN_PASSWORD` and `EVENTSTORE_DEFAULT_OPS_PASSWORD`, or `changeit`.
 */
export type Security =
  /** Everybody who can reach the server may do everything. The default where only this machine can. */
  | { readonly insecure: true; readonly tls?: never }
  | {
      readonly insecure?: false;
      /** Security on: with a certificate of your own, or (true) one that the server makes and keeps beside its data. */
      readonly tls?: true | CertificateFiles;
    };

export type EmbeddedOptions = Storage &
  Security & {
    /** Default 2113; 0 takes any free port. */
    readonly port?: number;
    /** The address to listen on. Default `127.0.0.1`, which lets nobody else in. */
    readonly host?: string;
    /**
     * Whose protocol to speak: EventStoreDB 23.10 (23), or with what KurrentDB has added up to 25 (25): appends to several
     * streams at once, and subscriptions that tell time and place with what they tell beside events. Default 23.
     */
    readonly compat?: Compat;
    /** Told what happens inside that no caller is answered with. Default: nobody is. */
    readonly onNote?: (note: ServerNote) => void;
  };

/** Something that happened in the server. */
export type ServerNote =
  /** A projection has stopped over an error in its script or its streams; `reason` is what its status says, too. */
  | { readonly event: "projection-faulted"; readonly projection: string; readonly reason: string }
  /** A projection's script called `log`. */
  | { readonly event: "script-log"; readonly text: string }
  /** Others can reach the server, and these users have the password that everybody knows. */
  | { readonly event: "default-passwords"; readonly logins: readonly string[] };

/** A server that runs in this process. */
export interface Embedded {
  readonly host: string;
  readonly port: number;
  /** For `EventStoreDBClient.connectionString`. */
  readonly connectionString: string;
  /** With a certificate that the server made: the file that clients have to know, their `tlsCAFile`. */
  readonly tlsCAFile: string | undefined;
  /** Ends all calls, writes what was accepted and closes the files. */
  stop(): Promise<void>;
}

const DEFAULT_PORT = 2113;
const DEFAULT_HOST = "127.0.0.1";

/**
 * Starts an EventStoreDB-compatible server in this process.
 * @throws OpenToStrangersError, CertificateUnusableError, UserRefusedError, PortInUseError, PortNotAllowedError,
 *   HostUnusableError, DataDirectoryInUseError, DataDirectoryNotWritableError, DataDirectoryUnreadableError
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT, compat = 23 } = options;
  let isStopping = false;
  // What ends because the server does is no news.
  const note = (one: ServerNote): void => {
    if (!isStopping) options.onNote?.(one);
  };
  const tls = options.insecure === false ? (options.tls ?? true) : options.tls;
  if (options.insecure === true && tls !== undefined) {
    throw new TypeError("A server is either insecure or has TLS. Leave out one of the options insecure and tls.");
  }
  if (tls === undefined && options.insecure !== true && !isLoopback(host)) throw new OpenToStrangersError(host);
  const location = options.memory === true ? "memory" : { directory: options.data };
  const store = EventStore.open({ location, now: Date.now, newId: randomUUID });
  // Torn down in the order opposite to how they were set up.
  const running: (() => Promise<void>)[] = [() => store.close()];
  const stop = async (): Promise<void> => {
    isStopping = true;
    for (const end of running.splice(0).reverse()) await end();
  };
  try {
    const groups = startPersistentSubscriptions({ store, now: Date.now, compilePattern: groupPattern });
    running.push(() => groups.stop());
    const projections = await startProjections({
      store,
      compile: scriptCompiler((text) => note({ event: "script-log", text })),
      newId: randomUUID,
      now: Date.now,
      onFault: (projection, reason) => note({ event: "projection-faulted", projection, reason }),
    });
    running.push(() => projections.stop());
    const security =
      tls === undefined
        ? undefined
        : await secured({
            store,
            directory: options.data,
            host,
            certificate: tls === true ? undefined : tls,
            firstPasswords: firstPasswordsFrom(process.env),
            now: Date.now,
            newId: randomUUID,
          });
    if (security !== undefined) running.push(() => security.discard());
    const callers = security && authentication(security.authenticator);
    const access = security && callers ? controlledAccess(security.access, callers.callerOf) : OPEN_ACCESS;
    const server = await startGrpcServer({
      host,
      port,
      security: security && callers && { certificate: security.certificate, interceptor: callers.interceptor },
      register(grpc, openCalls) {
        const load = new AppendLoad();
        const notes = compat === 25 ? timedNotes(Date.now) : PLAIN_NOTES;
        addService(grpc, streamsService, streamsHandlers(store, openCalls, access, load, notes));
        if (compat === 25) {
          addService(grpc, v2StreamsService, v2StreamsHandlers({ store, openCalls, access, load, newId: randomUUID }));
        }
        addService(grpc, persistentSubscriptionsService, persistentHandlers(groups, openCalls, access));
        addService(grpc, projectionsService, projectionsHandlers(projections, openCalls, randomUUID, access, compat));
        addService(
          grpc,
          gossipService,
          gossipHandlers(() => ({ host, port: server.port })),
        );
        addService(grpc, serverFeaturesService, serverFeaturesHandlers(compat));
        addService(
          grpc,
          usersService,
          security ? usersHandlers(security.users, openCalls, access) : noUsersHandlers(openCalls),
        );
      },
    });
    running.push(() => server.stop());
    if (security !== undefined && !isLoopback(host)) {
      const logins = await security.withDefaultPassword();
      if (logins.length > 0) note({ event: "default-passwords", logins });
    }
    let stopping: Promise<void> | undefined;
    return {
      host,
      port: server.port,
      connectionString: `esdb://${reachableAt(host)}:${server.port}?${tlsParameters(tls !== undefined, security?.authorityFile)}`,
      tlsCAFile: security?.authorityFile,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function tlsParameters(isOn: boolean, authorityFile: string | undefined): string {
  return `tls=${isOn}${authorityFile === undefined ? "" : `&tlsCAFile=${encodeURIComponent(authorityFile)}`}`;
}
