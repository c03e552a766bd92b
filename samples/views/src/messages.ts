import { command, event } from "@sluice/transport";

/** A book of a lending library, and who has it. */
export interface Loan {
  readonly book: string;
  readonly reader: string;
}

export const LendBook = command("lending.LendBook", { to: "lending" })<Loan>();
export const ReturnBook = command("lending.ReturnBook", { to: "lending" })<Pick<Loan, "book">>();
export const BookLent = event("lending.BookLent")<Loan>();
export const BookReturned = event("lending.BookReturned")<Loan>();
