import type { Compat, EmbeddedOptions, Security } from "../index.ts";
import { asksForHelp, parsedOptions, portOf } from "./arguments.ts";
import { inOurTerms, SERVER_NAMES } from "./server-names.ts";
import { UsageError } from "./usage-error.ts";

export { UsageError };

/** What a record of the real server's log can hold, and a message of gRPC. */
const LARGEST_APPEND = 16 * 1024 * 1024;

export interface CliOptions {
  readonly embedded: EmbeddedOptions;
  /** A directory that was given, though events are kept in memory. */
  readonly unusedData?: string;
  /** One JSON object for each line of output. */
  readonly json: boolean;
}

export const USAGE = `sluice-embedded (--data DIR | --memory) [options]

Runs an EventStoreDB-compatible server.

  --port N     the port to listen on; 0 takes any free one (default 2113)
  --host H     the address to listen on (default 127.0.0.1, which lets nobody else in)
  --data DIR   keep events in this directory, made if it is not there
  --memory     keep events in memory, until the server stops; wins over --data, as on the real server
  --tls        let in only who has a login, over TLS with a certificate that is made and kept beside the data
  --cert FILE  as --tls, with this certificate (PEM) and the key of --key
  --key FILE   the certificate's key (PEM, no passphrase)
  --insecure   let in everybody without TLS and passwords; has to be said where others can reach the server
  --compat N   whose protocol to speak: 23 for EventStoreDB 23.10 (the default), 25 for what KurrentDB has added since
  --max-projection-state-size N
               the bytes that a state of a projection may take (default 16777216)
  --max-append-size N
               the bytes of data that one append may carry (default 1048576)
  --start-standard-projections=false
               leave the system projections of a new store stopped
  --http-port N  tell over HTTP how the server is: /health/live, /health/ready, /stats and /metrics for Prometheus;
               asks for no password (default: it does not)
  --http-host H  the address for that (default 127.0.0.1, which lets nobody else ask)
  --json       write one JSON object for each line
  --version    show the version of this program
  --help       show this

What the real server calls otherwise is understood, too: --db, --mem-db, --node-port, --node-ip, --certificate-file and
--certificate-private-key-file, and --run-projections=All, which is always so here. Options are taken from the environment, too,
such as EVENTSTORE_MEM_DB=true.

sluice-embedded backup, restore and scavenge do what they say; export and import move everything to another server, a real
cluster among them. --help after each shows how.

With --tls the users admin and ops are there from the start. Their first passwords are what the environment says in
EVENTSTORE_DEFAULT_ADMIN_PASSWORD and EVENTSTORE_DEFAULT_OPS_PASSWORD (or KURRENTDB_...), or else "changeit".
`;

/**
 * The options from the command line; "help" where that was asked for.
 * @throws UsageError
 */
export function parseCliOptions(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): CliOptions | "help" {
  if (asksForHelp(args)) return "help";
  const { args: ours, variables } = inOurTerms(args, environment);
  try {
    return optionsFrom(parsed(ours));
  } catch (error) {
    const told = error instanceof UsageError ? sourcesIn(error.message, variables) : [];
    throw told.length === 0 ? error : new UsageError(`${(error as Error).message} ${told.join(" ")}`, { cause: error });
  }
}

/** Of the options in a text those that nobody has typed, and where they come from. */
function sourcesIn(text: string, variables: ReadonlyMap<string, string>): readonly string[] {
  const named = new Set([...text.matchAll(/--([a-z-]+)/g)].map(([, name]) => name));
  return [...variables].flatMap(([name, variable]) => (named.has(name) ? [`--${name} is from ${variable}.`] : []));
}

function optionsFrom(values: ReturnType<typeof parsed>): CliOptions {
  const { data, host } = values;
  const memory = isOn(values, "memory");
  if (data === undefined && !memory) {
    throw new UsageError("Say where events are kept: --data DIR for a directory that survives, or --memory.");
  }
  const projections = values["run-projections"] ?? "All";
  if (!/^all$/i.test(projections)) {
    throw new UsageError(
      `Projections always run here: --run-projections takes All, not "${projections}". --start-standard-projections=false leaves those of the system stopped.`,
    );
  }
  if (data === "") throw new UsageError("--data needs the name of a directory, such as --data ./data.");
  if (host === "") throw new UsageError("--host needs an address, such as --host 127.0.0.1.");
  return {
    embedded: {
      ...(data === undefined || memory ? { memory: true } : { data }),
      ...(values.port === undefined ? {} : { port: portOf(values.port, "--port") }),
      ...(host === undefined ? {} : { host }),
      ...(values.compat === undefined ? {} : { compat: compatOf(values.compat) }),
      ...stateSizeOf(values["max-projection-state-size"]),
      ...appendSizeOf(values["max-append-size"]),
      ...(isOn(values, "start-standard-projections", true) ? {} : { startStandardProjections: false }),
      ...httpOf(values),
      ...securityOf(values),
    },
    ...(data !== undefined && memory ? { unusedData: data } : {}),
    json: isOn(values, "json"),
  };
}

/** Whether a switch is on; `otherwise` where it was not given. */
function isOn(
  values: ReturnType<typeof parsed>,
  name: "memory" | "tls" | "insecure" | "json" | "start-standard-projections",
  otherwise = false,
): boolean {
  const value = values[name];
  if (value === undefined) return otherwise;
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
  throw new UsageError(`--${name} takes true or false, not "${value}".`);
}

function parsed(args: readonly string[]) {
  const options = {
    port: { type: "string" },
    host: { type: "string" },
    data: { type: "string" },
    memory: { type: "string" },
    tls: { type: "string" },
    cert: { type: "string" },
    key: { type: "string" },
    insecure: { type: "string" },
    compat: { type: "string" },
    "max-projection-state-size": { type: "string" },
    "max-append-size": { type: "string" },
    "start-standard-projections": { type: "string" },
    "run-projections": { type: "string" },
    "http-port": { type: "string" },
    "http-host": { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", short: "h" },
  } as const;
  return parsedOptions(args, options, SERVER_NAMES);
}

function securityOf(values: ReturnType<typeof parsed>): Security {
  const { cert, key } = values;
  const isClosed = isOn(values, "tls") || !isOn(values, "insecure", true);
  if (isOn(values, "insecure")) {
    if (!isClosed && cert === undefined && key === undefined) return { insecure: true };
    throw new UsageError("--insecure is the contrary of --tls, --cert and --key: say one or the other.");
  }
  if (cert === undefined && key === undefined) return isClosed ? { tls: true } : {};
  if (!cert || !key)
    throw new UsageError("A certificate and its key belong together: give --cert FILE and --key FILE.");
  return { tls: { cert, key } };
}

function httpOf(values: ReturnType<typeof parsed>): Pick<EmbeddedOptions, "http"> {
  const port = values["http-port"];
  const host = values["http-host"];
  if (host === "") throw new UsageError("--http-host needs an address, such as --http-host 127.0.0.1.");
  if (port === undefined) {
    if (host === undefined) return {};
    throw new UsageError("--http-host says where to serve health and metrics: give --http-port N, too.");
  }
  return { http: { port: portOf(port, "--http-port"), ...(host === undefined ? {} : { host }) } };
}

function stateSizeOf(text: string | undefined): Pick<EmbeddedOptions, "maxProjectionStateSize"> {
  if (text === undefined) return {};
  if (/^[1-9]\d{0,14}$/.test(text)) return { maxProjectionStateSize: Number(text) };
  throw new UsageError(`--max-projection-state-size takes a number of bytes, such as 16777216, not "${text}".`);
}

function appendSizeOf(text: string | undefined): Pick<EmbeddedOptions, "maxAppendSize"> {
  if (text === undefined) return {};
  const size = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
  if (size <= LARGEST_APPEND) return { maxAppendSize: size };
  throw new UsageError(`--max-append-size takes a number of bytes up to ${LARGEST_APPEND}, not "${text}".`);
}

function compatOf(text: string): Compat {
  if (text === "23") return 23;
  if (text === "25") return 25;
  throw new UsageError(`--compat takes 23 or 25, not "${text}".`);
}
