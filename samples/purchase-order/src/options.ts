import { join } from "node:path";
import {
  commandLine,
  numberOf,
  SERVER_OPTIONS,
  type ServerChoice,
  serverChoiceOf,
  UsageError,
} from "@sluice/sample-display";

export interface Options {
  readonly server: ServerChoice;
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

const OPTIONS = {
  ...SERVER_OPTIONS,
  orders: { type: "string" },
  show: { type: "string" },
  json: { type: "boolean" },
  market: { type: "string" },
  rate: { type: "string" },
} as const;

/**
 * The options from the command line; "help" where that was asked for.
 * @param from the directory that --data is relative to.
 * @throws UsageError
 */
export function optionsOf(args: readonly string[], from: string): Options | "help" {
  const values = commandLine(args, OPTIONS);
  if (values.help === true) return "help";
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
  return {
    server: serverChoiceOf(values, from, DEFAULT_DATA),
    market: marketOf(values.market ?? (orders === undefined ? "rotterdam" : "hamburg")),
    orders,
    show: values.show,
    rate: values.rate === undefined ? 5 : numberOf("--rate", values.rate, 1, 200),
    json: values.json === true,
  };
}

/** It becomes a part of the names of streams. */
function marketOf(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9]{0,49}$/.test(name)) return name;
  throw new UsageError(`--market takes a name of letters and digits, such as hamburg, not ${JSON.stringify(name)}.`);
}
