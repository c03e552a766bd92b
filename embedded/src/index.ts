import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { diskNotes } from "./notes/disk-notes.ts";
import { authentication } from "./grpc/authentication.ts";
import { controlledAccess, OPEN_ACCESS } from "./grpc/access.ts";
import { CallMeter } from "./grpc/call-meter.ts";
import type { Compat } from "./grpc/compat.ts";
import { VERSIONS } from "./grpc/server-features-service.ts";
import { groupPattern } from "./grpc/bounded-pattern.ts";
import { startGrpcServer } from "./grpc/server.ts";
import { addServices, isServed } from "./grpc/services.ts";
import { DiskMeter } from "./http/disk-meter.ts";
import { HttpPortUnusableError } from "./http/http-port-error.ts";
import { startHttpServer } from "./http/http-server.ts";
import { nodeAnswers } from "./http/node-answers.ts";
import { flatFigures, readStatistics } from "./http/read-statistics.ts";
import type { Statistics } from "./http/statistics.ts";
import { DATA_FILE } from "./log/database.ts";
import { abandonedLocks } from "./log/directory-lock.ts";
import { startPersistentSubscriptions } from "./persistent/subsystem.ts";
import { startProjections } from "./projections/management/projections.ts";
import { scriptCompiler } from "./projections/script/compile.ts";
import { type CertificateFiles, readCertificate } from "./security/certificate.ts";
import { initialPasswordsFrom } from "./security/initial-passwords.ts";
import { isLoopback, reachableAt } from "./security/hosts.ts";
import { ExposedWithoutSecurityError } from "./security/exposed-without-security.ts";
import { secured } from "./security/secured.ts";
import { Throttle } from "./time/throttle.ts";
import type { ServerNote } from "./notes/server-note.ts";
import { EventStore } from "./streams/event-store.ts";
import { Scavenges } from "./streams/scavenges.ts";

export type { Compat } from "./grpc/compat.ts";
export type { ServerNote } from "./notes/server-note.ts";

/** Where events are kept: in a directory that survives, or in memory that ends with the server. */
export type Storage =
  | { readonly data: string; readonly memory?: never }
  | { readonly memory: true; readonly data?: never };

/**
 * Who may do what. With security calls need TLS and a login: `admin` and `ops` are there from the start, their passwords
 * those in `EVENTSTORE_DEFAULT_ADMIN_PASSWORD` and `EVENTSTORE_DEFAULT_OPS_PASSWORD` (or `KURRENTDB_…`), or `changeit`.
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
    /** Bytes that a state of a projection may take, a partition's or the whole's; beyond it faults. Default 16 MiB. */
    readonly maxProjectionStateSize?: number;
    /** Bytes of data that one append may carry. Default 1 MiB, at most 16 MiB. */
    readonly maxAppendSize?: number;
    /** Whether a new store's system projections run from the start. Default true. */
    readonly startStandardProjections?: boolean;
    /**
     * Where to tell over HTTP how the server is: `/health/live`, `/health/ready`, `/stats` and `/metrics`. It asks for no
     * password. Default: nowhere. Default host 127.0.0.1; port 0 takes any free one.
     */
    readonly http?: { readonly port: number; readonly host?: string };
    /** Told what happens inside that no caller is answered with. Default: nobody is. */
    readonly onNote?: (note: ServerNote) => void;
  };

/** A server that runs in this process. */
export interface Embedded {
  readonly host: string;
  readonly port: number;
  /** For `EventStoreDBClient.connectionString`. */
  readonly connectionString: string;
  /** With a certificate that the server made: the file that clients have to know, their `tlsCAFile`. */
  readonly tlsCAFile: string | undefined;
  /** Where it tells over HTTP how it is, if anywhere. */
  readonly http: { readonly host: string; readonly port: number } | undefined;
  /**
   * Reads the files of a certificate of your own again, for those who connect from now on. Nothing to do for one that the server
   * has made.
   * @throws CertificateUnusableError; the one that was read before stays in use.
   */
  reloadCertificate(): Promise<void>;
  /** Ends all calls, writes what was accepted and closes the files. */
  stop(): Promise<void>;
  /** Resolves when it has stopped, whoever asked for it: a client may, too. */
  readonly stopped: Promise<void>;
}

const DEFAULT_PORT = 2113;
const DEFAULT_HOST = "127.0.0.1";
/** What happens again and again is told once in this time. */
const NOTE_PAUSE_MS = 10_000;

/**
 * Starts an EventStoreDB-compatible server in this process.
 * @throws ExposedWithoutSecurityError, CertificateUnusableError, UserRefusedError, PortInUseError, PortNotAllowedError,
 *   HostUnusableError, HttpPortUnusableError, DataDirectoryInUseError, DataDirectoryNotWritableError, DataDirectoryUnreadableError,
 *   DiskFullError
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  requireOneStorage(options);
  const { host = DEFAULT_HOST, port = DEFAULT_PORT, compat = 23, maxProjectionStateSize, maxAppendSize } = options;
  let isStopping = false;
  // What ends because the server does is no news.
  const note = (one: ServerNote): void => {
    if (!isStopping) options.onNote?.(one);
  };
  const tls = options.insecure === false ? (options.tls ?? true) : options.tls;
  if (options.insecure === true && tls !== undefined) {
    throw new TypeError("A server is either insecure or has TLS. Leave out one of the options insecure and tls.");
  }
  if (tls === undefined && options.insecure !== true && !isLoopback(host)) throw new ExposedWithoutSecurityError(host);
  const { port: httpPort = 0, host: httpHost = DEFAULT_HOST } = options.http ?? {};
  if (httpPort !== 0 && httpPort === port && httpHost === host) throw new HttpPortUnusableError(host, port);
  const clock = () => performance.now();
  const throttle = new Throttle(clock, NOTE_PAUSE_MS);
  const disk = new DiskMeter(clock);
  const noteDisk = diskNotes(throttle, note);
  const calls = new CallMeter(isServed);
  /** Undefined until the server is ready, and again once it stops. */
  let statistics: (() => Statistics) | undefined;
  // Torn down in the order opposite to how they were set up.
  const running: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    isStopping = true;
    statistics = undefined;
    for (const end of running.splice(0).reverse()) await end();
  };
  try {
    // First of all, so that it can be seen that the server is starting.
    const http =
      options.http && (await startHttpServer({ host: httpHost, port: httpPort, statistics: () => statistics?.() }));
    if (http !== undefined) running.push(() => http.stop());
    const store = EventStore.open({
      location:
        options.memory === true ? "memory" : { directory: options.data, abandoned: await abandonedLocks(options.data) },
      now: Date.now,
      newId: randomUUID,
      onDiskWrite(write) {
        disk.add(write);
        noteDisk(write);
      },
    });
    running.push(() => store.close());
    const groups = startPersistentSubscriptions({ store, now: Date.now, compilePattern: groupPattern });
    running.push(() => groups.stop());
    const projections = await startProjections({
      store,
      compile: scriptCompiler((text) => note({ event: "script-log", text })),
      newId: randomUUID,
      now: Date.now,
      settings: maxProjectionStateSize === undefined ? {} : { maxStateBytes: maxProjectionStateSize },
      startStandardProjections: options.startStandardProjections ?? true,
      onFault: (projection, reason) => note({ event: "projection-faulted", projection, reason }),
    });
    running.push(() => projections.stop());
    const scavenges = new Scavenges({
      store,
      newId: randomUUID,
      clock,
      onEnd: (id, ending, { events, bytes }) => note({ event: "scavenge-ended", id, ending, events, bytes }),
    });
    await scavenges.recover();
    running.push(() => scavenges.close());
    const security =
      tls === undefined
        ? undefined
        : await secured({
            store,
            directory: options.data,
            host,
            certificate: tls === true ? undefined : tls,
            initialPasswords: initialPasswordsFrom(process.env),
            now: Date.now,
            newId: randomUUID,
          });
    if (security !== undefined) running.push(() => security.discard());
    const callers = security && authentication(security.authenticator);
    const access = security && callers ? controlledAccess(security.access, callers.callerOf) : OPEN_ACCESS;
    const read = (): Statistics =>
      readStatistics({
        compat,
        store,
        file: options.memory === true ? undefined : join(options.data, DATA_FILE),
        disk,
        calls,
        groups,
        projections,
        scavenges,
      });
    const { promise: stopped, resolve: hasStopped } = Promise.withResolvers<void>();
    let stopping: Promise<void> | undefined;
    const stopOnce = () => (stopping ??= stop().finally(hasStopped));
    const server = await startGrpcServer({
      host,
      port,
      security: security && callers && { certificate: security.certificate, interceptor: callers.interceptor },
      meter: calls,
      others: nodeAnswers(() => ({
        version: `${VERSIONS[compat]}.0`,
        isReady: !disk.read().isRefusing,
        end: store.end,
        host: reachableAt(host),
        port: server.port,
        isClosed: security !== undefined,
      })),
      onDisconnect(peer, reason) {
        const times = throttle.times(reason);
        if (times !== undefined) note({ event: "client-disconnected", peer, reason, times });
      },
      register: (grpc, openCalls) =>
        addServices(grpc, openCalls, {
          compat,
          store,
          groups,
          projections,
          scavenges,
          maxAppendSize,
          users: security?.users,
          access,
          newId: randomUUID,
          now: Date.now,
          advertised: () => ({ host, port: server.port }),
          figures: () => flatFigures(read()),
          shutDown() {
            note({ event: "shutdown-asked" });
            void stopOnce();
          },
        }),
    });
    running.push(() => server.stop());
    if (security !== undefined && !isLoopback(host)) {
      const logins = await security.withDefaultPassword();
      if (logins.length > 0) note({ event: "default-passwords", logins });
    }
    statistics = read;
    return {
      host,
      port: server.port,
      connectionString: `esdb://${reachableAt(host)}:${server.port}?${tlsParameters(tls !== undefined, security?.authorityFile)}`,
      tlsCAFile: security?.authorityFile,
      http: http && { host: http.host, port: http.port },
      async reloadCertificate() {
        if (typeof tls === "object") server.show(await readCertificate(tls, Date.now()));
      },
      stop: stopOnce,
      stopped,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Types cannot keep out what plain JavaScript gives; in memory what was to be kept would be lost. */
function requireOneStorage({ data, memory }: Partial<Record<keyof Storage, unknown>> = {}): void {
  if (memory === true && data !== undefined)
    throw new TypeError(
      "Events are kept either in a directory or in memory. Leave out one of the options data and memory.",
    );
  if (memory !== true && (typeof data !== "string" || data === ""))
    throw new TypeError('Say where events are kept: { data: "./data" } for a directory, or { memory: true }.');
}

function tlsParameters(isOn: boolean, authorityFile: string | undefined): string {
  return `tls=${isOn}${authorityFile === undefined ? "" : `&tlsCAFile=${encodeURIComponent(authorityFile)}`}`;
}
