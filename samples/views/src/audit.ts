import type { Reading } from "@sluice/sample-display";
import { BOOKS } from "./loans.ts";
import { BookLent, BookReturned, type Loan } from "./messages.ts";
import type { Queries } from "./read-model.ts";

/** What the streams of the books say, folded by other means than the view. */
export async function streamsSay(reading: Reading): Promise<ReturnType<Queries["all"]> & { readonly events: number }> {
  const books = new Map<string, { book: string; reader: string | null; lent: number }>();
  const readers = new Map<string, { reader: string; inHand: number; lent: number }>();
  let events = 0;
  for (const name of BOOKS) {
    for (const { type, data } of await reading.stream(`book-${name}`)) {
      if (type !== BookLent.type && type !== BookReturned.type) continue;
      const { book, reader } = data as unknown as Loan;
      const isLent = type === BookLent.type;
      const one = books.get(book) ?? { book, reader: null, lent: 0 };
      books.set(book, { book, reader: isLent ? reader : null, lent: one.lent + (isLent ? 1 : 0) });
      const who = readers.get(reader) ?? { reader, inHand: 0, lent: 0 };
      readers.set(reader, { reader, inHand: who.inHand + (isLent ? 1 : -1), lent: who.lent + (isLent ? 1 : 0) });
      events += 1;
    }
  }
  return { books: sorted(books), readers: sorted(readers), events };
}

const sorted = <Row>(rows: ReadonlyMap<string, Row>): readonly Row[] =>
  [...rows].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
