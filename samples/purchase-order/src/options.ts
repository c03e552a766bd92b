import { join } from "node:path";
import { parseArgs } from "node:util";

/** What was typed cannot be done; the message says what to type instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Options {
  /** Orders to place and wait for; undefined runs until Ctrl-C. */
  readonly orders: number | undefined;
  readonly json: boolean;
  /** Orders of one name are placed once, however often the command is given. */
  readonly run: string;
  /** Where the embedded server keeps its events, or a server that runs already. */
  readonly server: { readonly data: string; readonly port: number } | { readonly connection: string };
}

const DATA = join(import.meta.dirname, "..", "..", "..", ".data", "purchase-order");

export const USAGE = `Runs a purchase-order system of four components on an embedded EventStoreDB-compatible server.

  npm start                              places orders until Ctrl-C; started again it goes on where it was
  npm start -- --orders 200              places 200 orders, waits for them, checks the streams

  --orders N          place N orders, wait until all are booked, check them from the streams, and end
  --json              print the result as one line of JSON
  --run NAME          orders of one name are placed once, however often this is run (default: live, or batch with --orders)
  --data DIR          where the embedded server keeps its events (default .data/purchase-order)
  --port N            port of the embedded server, for other tools to look in; 0 takes any free one (default 0)
  --connection ADDR   use a server that runs already, such as esdb://127.0.0.1:2113?tls=false
  --help              show this
`;

/** @throws UsageError */
export function parseOptions(args: readonly string[]): Options | "help" {
  const values = parsed(args);
  if (values.help === true) return "help";
  const { data, connection } = values;
  if (connection !== undefined && (data !== undefined || values.port !== undefined)) {
    throw new UsageError("--connection names a server of its own: leave --data and --port away.");
  }
  const run = values.run ?? (values.orders === undefined ? "live" : "batch");
  if (!/^[\w.]+$/.test(run)) throw new UsageError(`--run takes letters, digits, dots and underscores, not "${run}".`);
  return {
    orders: values.orders === undefined ? undefined : numberOf("--orders", values.orders, 1, 1_000_000),
    json: values.json === true,
    run,
    server:
      connection === undefined
        ? { data: data ?? DATA, port: numberOf("--port", values.port ?? "0", 0, 65_535) }
        : { connection },
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        orders: { type: "string" },
        json: { type: "boolean" },
        run: { type: "string" },
        data: { type: "string" },
        port: { type: "string" },
        connection: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.replace(/\.?( To specify.*)?$/s, ".") : String(cause);
    throw new UsageError(`${problem} --help shows what there is.`, { cause });
  }
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not "${text}".`);
}
