import { AccessRefused } from "../store/access-refused.ts";

/** For `catch`: the value where the caller has no rights to know more. */
export const ifRefused =
  <Value>(value: Value) =>
  (error: unknown): Value => {
    if (error instanceof AccessRefused) return value;
    throw error;
  };
