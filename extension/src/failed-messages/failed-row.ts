import type { ComponentRow } from "../components/component-row.ts";

/** A row of the Failed Messages view. Commands go by its ids alone. */
export interface FailedRow extends Omit<ComponentRow, "children"> {
  readonly component: string;
  /** The group that it is, or belongs to. */
  readonly failureGroup?: string;
  /** The parking that it stands for. */
  readonly parkedId?: string;
  /** Messages that it stands for. */
  readonly count: number;
  /** The rows below; `messages` for those that are read when they are looked at. Undefined for none. */
  readonly children?: readonly FailedRow[] | "messages";
}
