export { given } from "./given.ts";
export type { Given, Outcome } from "./given.ts";
