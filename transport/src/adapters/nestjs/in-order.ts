/**
 * Hands on what has a place in the order of that, once: what comes before its time is kept, what has been handed on is dropped. What has
 * no place is handed on at once.
 */
export function inOrder<Value>(handOn: (value: Value) => void): (index: number | undefined, value: Value) => void {
  const early = new Map<number, Value>();
  let next = 0;
  return (index, value) => {
    if (index === undefined) return handOn(value);
    if (index >= next) early.set(index, value);
    for (let found = early.get(next); found !== undefined; found = early.get(next)) {
      early.delete(next);
      next += 1;
      handOn(found);
    }
  };
}
