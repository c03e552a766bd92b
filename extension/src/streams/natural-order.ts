const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** As people sort names: "order-2" before "order-10", "Bill" beside "bill". No two names are one in it. */
export function inNaturalOrder(one: string, other: string): number {
  return collator.compare(one, other) || (one < other ? -1 : Number(one > other));
}
