import type { Store } from "../store/store.ts";
import type { Access } from "../topology/access.ts";
import { readJournal } from "./journal.ts";

/**
 * Whose the streams of a component are, as its journal says it; undefined where nobody has said. Read when it is first asked for, and
 * once.
 */
export function deployedAccess(store: Pick<Store, "read">, component: string): () => Promise<Access | undefined> {
  let reading: Promise<Access | undefined> | undefined;
  return () => {
    reading ??= readJournal(store, component).then(({ deployed }) => deployed?.access);
    // What failed is asked for again.
    reading.catch(() => (reading = undefined));
    return reading;
  };
}
