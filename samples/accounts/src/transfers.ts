import { setTimeout as sleep } from "node:timers/promises";
import type { RunningSystem } from "@sluice/sample-display";
import { type Sender, ServerUnreachable } from "@sluice/transport";
import { audit, holds } from "./audit.ts";
import { ACCOUNTS, transferOf } from "./bank.ts";
import { type Ledger, ledger, totalOf } from "./ledger.ts";
import { type MoneyTransfer, OpenAccount, Transfer } from "./messages.ts";

/** Transfers that are asked for at the same moment, where nobody watches. */
const AT_ONCE = 50;
/** Milliseconds in which what the books know must be in the categories. */
const SETTLING = 10_000;

export interface Listener {
  /** The accounts are open; so many of the transfers were asked for before, by a process that is gone. */
  begun(before: number): void;
  /** One more transfer is over. `reason` says why it was canceled, where it was. */
  ended(transfer: MoneyTransfer, reason: string | undefined, books: Ledger, over: number): void;
}

/** What was asked for was not done when the process was asked to stop. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Stopped before all transfers were over. With --data, the same command goes on where this one was.");
  }
}

/**
 * Opens the accounts, asks for transfers, waits until all are settled, and answers what the streams say of them, and how often the
 * books, as seen meanwhile, held one entry of two.
 * @param pause milliseconds between two transfers; 0 to ask for all at once.
 * @throws Interrupted
 */
export async function runTransfers(
  { endpoint, sender, reading }: RunningSystem,
  {
    transfers,
    pause,
    stopping,
  }: { readonly transfers: number; readonly pause: number; readonly stopping: AbortSignal },
  listener: Listener,
) {
  const books = endpoint.view(ledger);
  const until = (isSo: (books: Ledger) => boolean): Promise<Ledger> =>
    books.until(isSo, { signal: stopping }).catch((error: unknown) => {
      throw stopping.aborted ? new Interrupted() : error;
    });

  await Promise.all(ACCOUNTS.map((opening) => sender.send(OpenAccount, opening)));
  await books.ready();
  const { confirmed, canceled } = await until(({ balances }) =>
    ACCOUNTS.every(({ accountId }) => balances.has(accountId)),
  );
  listener.begun(confirmed.size + canceled.size + books.state.underWay.size);

  const waiting = new Map(Array.from({ length: transfers }, (_, n) => [transferOf(n).transactionId, transferOf(n)]));
  let seenTorn = 0;
  const look = (state: Ledger): boolean => {
    if (totalOf(state) !== state.opening) seenTorn += 1;
    for (const [transactionId, transfer] of waiting) {
      const reason = state.canceled.get(transactionId);
      if (reason === undefined && !state.confirmed.has(transactionId)) continue;
      waiting.delete(transactionId);
      listener.ended(transfer, reason, state, transfers - waiting.size);
    }
    return waiting.size + state.unsettled.size === 0;
  };
  await Promise.all([until(look), askFor(sender, [...waiting.values()], pause, stopping)]);

  // The categories may hold the last steps a moment later than the books.
  for (const end = performance.now() + SETTLING; ; await sleep(250)) {
    const found = { ...(await audit(reading)), seenTorn };
    if (holds(found) || stopping.aborted || performance.now() > end) return found;
  }
}

async function askFor(
  sender: Sender,
  transfers: readonly MoneyTransfer[],
  pause: number,
  stopping: AbortSignal,
): Promise<void> {
  const atOnce = pause > 0 ? 1 : AT_ONCE;
  for (let asked = 0; asked < transfers.length && !stopping.aborted; asked += atOnce) {
    await Promise.all(transfers.slice(asked, asked + atOnce).map((transfer) => ask(sender, transfer, stopping)));
    if (pause > 0) await sleep(pause, undefined, { signal: stopping }).catch(() => {});
  }
}

/** Asks until it is stored, however long nobody answers: asked for again, it is the same transaction. */
async function ask(sender: Sender, transfer: MoneyTransfer, stopping: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await sender.send(Transfer, transfer);
      return;
    } catch (error) {
      if (!(error instanceof ServerUnreachable) || stopping.aborted) throw error;
    }
  }
}
