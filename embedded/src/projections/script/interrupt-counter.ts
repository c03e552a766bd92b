import { instantiateQuickJs } from "./quickjs-module.ts";

/** What QuickJS fills its counter with each time it has asked. */
const FULL = 10_000;
/** 32-bit words of a context among which the counter lies. */
const WORDS = 256;
const SOME_STEPS = "for (let i = 0; i < 100; i++);";
const NONE = 0 as never;

let found: Promise<number> | undefined;

/**
 * Where in a QuickJS context, in bytes from its beginning, the engine counts its steps down to the next question whether it may
 * go on. Rejects with a `TypeError` where that cannot be told: then this is another engine.
 */
export function interruptCounterOffset(): Promise<number> {
  return (found ??= find());
}

/** It is no public part of the engine, so it is looked for as the one number that falls by as many steps as are made. */
async function find(): Promise<number> {
  const { module, ffi } = await instantiateQuickJs();
  const context = ffi.QTS_NewContext(ffi.QTS_NewRuntime(), NONE);
  const text = module._malloc(SOME_STEPS.length + 1) as Parameters<typeof module.stringToUTF8>[1];
  module.stringToUTF8(SOME_STEPS, text, SOME_STEPS.length + 1);
  const makeSteps = () => ffi.QTS_Eval(context, text, SOME_STEPS.length, "steps", NONE, NONE);
  const words = new Int32Array(module.HEAPU8.buffer, context, WORDS);
  // A context that has just been made asks at its first step.
  makeSteps();
  const before = words.slice();
  makeSteps();
  const fallen = [...before.keys()].filter((index) => {
    const value = before[index] ?? 0;
    const steps = value - (words[index] ?? value);
    return value <= FULL && value > FULL - 1000 && steps >= 100 && steps < 1000;
  });
  const [index] = fallen;
  if (index === undefined || fallen.length > 1)
    throw new TypeError("QuickJS counts its steps where it did not before.");
  return index * Int32Array.BYTES_PER_ELEMENT;
}
