/**
 * Lets the wall clock of a process jump, as one is set: loaded before everything else (`--import`), moved by a message of the
 * parent. Timers and `performance` go on as they do then.
 */
const Real = Date;
let ahead = 0;

class Jumping extends Real {
  constructor(...given: readonly unknown[]) {
    // Exactly what was given is passed on; without anything it is now.
    super(...((given.length === 0 ? [Real.now() + ahead] : given) as [number]));
  }

  static override now(): number {
    return Real.now() + ahead;
  }
}

globalThis.Date = Jumping as DateConstructor;
process.on("message", (said: { readonly jump: number }) => {
  ahead += said.jump;
});
