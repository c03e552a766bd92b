import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

/** What was typed cannot be done; the message says what to type instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export interface Options {
  /** The server: one that runs already, or one that is started here. */
  readonly server: { readonly connectionString: string } | { readonly data: string; readonly port: number };
  readonly market: string;
  /** Orders to place and to wait for; undefined to go on until stopped. */
  readonly orders: number | undefined;
  /** An order to tell about, instead of placing any. */
  readonly show: string | undefined;
  /** Orders a second, where they go on until stopped. */
  readonly rate: number;
  readonly json: boolean;
}

export const USAGE = `Runs a purchase-order system: orders are matched, fulfilled, charged and booked by separate components.

Without --orders it places orders until Ctrl-C, shows how they go on, and the next start goes on where this one was.

  --orders N         place N orders, wait until all are completed, check the streams, and stop. The same command again
                     goes on with the same N orders, whatever became of the process before: exit code 0 when each of
                     them was completed exactly once and debits equal credits, 1 when not
  --show ORDER       tell how far one order has come, such as hamburg.17, and stop
  --json             with --orders: one line of JSON on stdout, everything else on stderr
  --market NAME      orders are numbered for each market (default: hamburg with --orders, otherwise rotterdam)
  --rate N           without --orders: orders a second (default 5)
  --data DIR         where the embedded server keeps everything (default: .data/purchase-order in this repository)
  --port N           port of the embedded server (default: any that is free)
  --connection URL   use a server that runs already, such as esdb://127.0.0.1:2113?tls=false
  --help             show this
`;

const DEFAULT_DATA = join(import.meta.dirname, "..", "..", "..", ".data", "purchase-order");
const MOST_ORDERS = 1_000_000;

/**
 * The options from the command line; "help" where that was asked for.
 * @param from the directory that --data is relative to.
 * @throws UsageError
 */
export function optionsOf(args: readonly string[], from: string): Options | "help" {
  const values = parsed(args);
  if (values.help === true) return "help";
  const { data, port, connection } = values;
  const orders = values.orders === undefined ? undefined : numberOf("--orders", values.orders, 1, MOST_ORDERS);
  if (orders === undefined && values.json === true) {
    throw new UsageError("--json tells how a number of orders went: give --orders N, too.");
  }
  if (values.show !== undefined && (orders !== undefined || values.rate !== undefined)) {
    throw new UsageError("--show places no orders: leave out --orders and --rate.");
  }
  if (orders !== undefined && values.rate !== undefined) {
    throw new UsageError("With --orders all are placed at once: leave out --rate, or --orders.");
  }
  if (connection !== undefined && (data !== undefined || port !== undefined)) {
    throw new UsageError("--data and --port are for the embedded server: leave them out, or --connection.");
  }
  if (data === "") throw new UsageError("--data needs the name of a directory, such as --data ./data.");
  return {
    server:
      connection === undefined
        ? {
            data: data === undefined ? DEFAULT_DATA : resolve(from, data),
            port: port === undefined ? 0 : numberOf("--port", port, 0, 65_535),
          }
        : { connectionString: connection },
    market: marketOf(values.market ?? (orders === undefined ? "rotterdam" : "hamburg")),
    orders,
    show: values.show,
    rate: values.rate === undefined ? 5 : numberOf("--rate", values.rate, 1, 200),
    json: values.json === true,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        orders: { type: "string" },
        show: { type: "string" },
        json: { type: "boolean" },
        market: { type: "string" },
        rate: { type: "string" },
        data: { type: "string" },
        port: { type: "string" },
        connection: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    // Its first sentence; more may follow, on further lines.
    const problem = cause instanceof Error ? cause.message.replace(/\.?( To specify.*|\n.*)?$/s, ".") : String(cause);
    throw new UsageError(`${problem} --help shows what there is.`, { cause });
  }
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}.`);
}

/** It becomes a part of the names of streams. */
function marketOf(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9]{0,49}$/.test(name)) return name;
  throw new UsageError(`--market takes a name of letters and digits, such as hamburg, not ${JSON.stringify(name)}.`);
}
