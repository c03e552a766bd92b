/** What writes handlers: loaded when it is used, since activation must not pay for it. */
export { newHandler } from "./generate/new-handler.ts";
export { HandlerNotWritten } from "./generate/not-written.ts";
export { inferBody } from "./inference/infer-body.ts";
export { nameProblem } from "./name-problem.ts";
