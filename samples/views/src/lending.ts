import { aggregate, component } from "@sluice/transport";
import { BookLent, BookReturned, LendBook, ReturnBook } from "./messages.ts";

/** One book, in the stream `book-<book>`: it knows who has it, since it must not be lent twice, and nothing else. */
export const book = aggregate("book", { reader: "" }, (a) => {
  a.decide(
    LendBook,
    ({ book }) => book,
    (state, loan) => (state.reader === "" ? BookLent(loan) : []),
  );
  a.decide(
    ReturnBook,
    ({ book }) => book,
    ({ reader }, { book }) => (reader === "" ? [] : BookReturned({ book, reader })),
  );
  a.evolve(BookLent, (_, { reader }) => ({ reader }));
  a.evolve(BookReturned, () => ({ reader: "" }));
});

/** A book is returned after it was lent, in the order in which that was said at the desk. */
const byBook = (body: object): string | undefined => ("book" in body ? String(body.book) : undefined);

export const lending = component("lending", { partitionKey: byBook }, (c) => c.aggregate(book));
