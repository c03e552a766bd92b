/**
 * The scripts of projections without a server: for tools that show what a script would do with events. Limits on time and memory
 * are those of the server.
 */
export { scriptCompiler } from "./projections/script/compile.ts";
export {
  type CompileHandler,
  type Emission,
  type Handled,
  type ProjectionEvent,
  ProjectionFault,
  type ProjectionHandler,
  type SourceDefinition,
} from "./projections/handler.ts";
export type { LogRecord } from "./log/record.ts";
