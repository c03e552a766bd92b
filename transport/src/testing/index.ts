export { fold } from "./fold.ts";
export { given } from "./given.ts";
export type { Given, Outcome } from "./given.ts";
export { handle } from "./handle.ts";
export type { HandleContext } from "./handle.ts";
