import { view, type View, type ViewOptions } from "@sluice/transport";
import { BookLent, BookReturned } from "./messages.ts";
import type { ReadModel } from "./read-model.ts";

/** Milliseconds after which what happened can be asked for. Each commit has a cost, so not zero. */
const COMMIT_EVERY = 20;

/**
 * The view that writes a read model: what the events say of books and readers, as rows. Its state is no more than a count of the
 * events; the rows and its checkpoint change in one transaction.
 */
export function libraryView(
  model: ReadModel,
  checkpoints: ViewOptions["checkpoints"] = model.checkpoints,
): View<number> {
  const options = { checkpointInterval: COMMIT_EVERY, ...(checkpoints === undefined ? {} : { checkpoints }) };
  return view(
    "library",
    () => 0,
    options,
    (v) => {
      v.on(BookLent, (events, loan) => {
        model.lent(loan);
        return events + 1;
      });
      v.on(BookReturned, (events, loan) => {
        model.returned(loan);
        return events + 1;
      });
    },
  );
}
