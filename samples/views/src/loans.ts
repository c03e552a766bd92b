import type { Sender } from "@sluice/transport";
import { type Loan, LendBook, ReturnBook } from "./messages.ts";

export const BOOKS = Array.from({ length: 40 }, (_, n) => `b${n}`);
const READERS = ["Ada", "Bruno", "Chioma", "Dario", "Elif", "Farid", "Greta", "Hana"] as const;

/** The n-th loan, 0 the first: always the same one. */
export function loanOf(n: number): Loan {
  const round = Math.floor(n / BOOKS.length);
  return {
    book: BOOKS[n % BOOKS.length] ?? "b0",
    reader: READERS[(n * 7 + round * 3) % READERS.length] ?? READERS[0],
  };
}

/**
 * Returns and lends: the loans from one number up to another. What comes while a book is out is refused, and nothing happens.
 * @returns ids of what was sent.
 */
export async function lendAll(desk: Sender, from: number, to: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let first = from; first < to; first += BOOKS.length) {
    const numbers = Array.from({ length: Math.min(BOOKS.length, to - first) }, (_, n) => first + n);
    const sent = numbers.flatMap((n) => {
      const loan = loanOf(n);
      const before = n < BOOKS.length ? [] : [desk.send(ReturnBook, { book: loan.book })];
      return [...before, desk.send(LendBook, loan)];
    });
    ids.push(...(await Promise.all(sent)));
  }
  return ids;
}
