import { ProjectionFault, type CompileHandler } from "../handler.ts";
import { type Clock, systemClock } from "./clock.ts";
import { tellCaught } from "./caught-errors.ts";
import { checkDefinition } from "./definition-rules.ts";
import { engineFault } from "./engine-errors.ts";
import { ScriptError } from "./errors.ts";
import { takePowers } from "./exact-powers.ts";
import { QUERY_FILE } from "./query-place.ts";
import type { Inside } from "./quickjs-module.ts";
import { Sandbox } from "./sandbox.ts";
import { faultOf, faultOfError } from "./script-faults.ts";
import { NO_MODULES, ScriptHandler } from "./script-handler.ts";
import { spreadTexts } from "./spread-texts.ts";
import { worldSource } from "./source.ts";
import type { Sealed, ThrownValue } from "./world/world.ts";

/** How long a query may take to run while it is set up, in milliseconds (spec 3.1). */
const ALLOWED = 500;
const UNLIMITED = Number.POSITIVE_INFINITY;

/**
 * Compiles JavaScript queries, each in a sandbox of its own.
 *
 * @param log gets what scripts pass to `log(...)`.
 */
export function scriptCompiler(log: (text: string) => void, clock: Clock = systemClock): CompileHandler {
  return async (given) => {
    const query = tellCaught(takePowers(spreadTexts(given)));
    const reword = (thrown: string) => JSON.stringify(engineFault(JSON.parse(thrown) as ThrownValue, query));
    const sandbox = await Sandbox.create({ log, reword }, clock);
    try {
      return handlerIn(sandbox, query);
    } catch (error) {
      sandbox.dispose();
      throw error;
    }
  };
}

function handlerIn(sandbox: Sandbox, query: string): ScriptHandler {
  const makeWorld = sandbox.evaluate(worldSource, "world", UNLIMITED);
  const world = sandbox.apply(makeWorld, sandbox.log, UNLIMITED);
  sandbox.apply(sandbox.property(world, "tellCaught"), sandbox.reword, UNLIMITED);
  runQuery(sandbox, world, query);
  const answer = sandbox.call(sandbox.property(world, "seal"), [], ALLOWED);
  if (answer.startsWith("!")) throw faultOf(answer.slice(1), query);
  const handler = new ScriptHandler(sandbox, world, query, JSON.parse(answer.slice(1)) as Sealed);
  checkDefinition(handler.definition);
  return handler;
}

function runQuery(sandbox: Sandbox, world: Inside, query: string): void {
  let triedImport: boolean;
  try {
    sandbox.evaluate(query, QUERY_FILE, ALLOWED);
    triedImport = sandbox.runJobs(ALLOWED);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw faultOfError(error, "compile");
    const explained = sandbox.ask(sandbox.property(world, "explain"), error.thrown, UNLIMITED);
    throw faultOf(explained.slice(1), query);
  }
  if (triedImport) throw new ProjectionFault(NO_MODULES);
}
