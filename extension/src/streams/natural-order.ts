let collator: Intl.Collator | undefined;

/** As people sort names: "order-2" before "order-10", "Bill" beside "bill". No two names are one in it. */
export function inNaturalOrder(one: string, other: string): number {
  // It takes ten milliseconds to be made, a fifth of what activation may take.
  collator ??= new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  return collator.compare(one, other) || (one < other ? -1 : Number(one > other));
}
