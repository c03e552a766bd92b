import { accounts } from "./account.ts";
import { books } from "./ledger.ts";
import { transactions } from "./transaction.ts";

/** All components. Here they run in one process; each could run in one of its own, and in several. */
export const system = [transactions, accounts, books];
