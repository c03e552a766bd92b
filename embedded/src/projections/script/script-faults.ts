import { ProjectionFault } from "../handler.ts";
import { engineFault } from "./engine-errors.ts";
import { placeInQuery } from "./query-place.ts";
import { SandboxBroken, ScriptTimeout } from "./errors.ts";
import type { ThrownValue } from "./world/world.ts";

/** A fault of what the sandbox's world reports as thrown. `isBare` says that any fault here shows without a heading. */
export function faultOf(thrown: string, query: string, isBare = false): ProjectionFault {
  const value = JSON.parse(thrown) as ThrownValue;
  const line = placeInQuery(query, value.stack ?? "")?.line;
  return new ProjectionFault(engineFault(value, query), { bare: isBare || value.isBare === true, line });
}

/** A fault of what came out of the sandbox as an error of its own; `doing` is `execute` or `compile`. */
export function faultOfError(error: unknown, doing: "execute" | "compile", isBare = false): ProjectionFault {
  return new ProjectionFault(textOf(error, doing), { bare: isBare, cause: error });
}

function textOf(error: unknown, doing: string): string {
  if (error instanceof ScriptTimeout) {
    // Without a closing bracket, as the server has it.
    return `Projection script took too long to ${doing} (took: ${duration(error.elapsed)}, allowed: ${duration(error.allowed)}`;
  }
  if (error instanceof SandboxBroken) return "The script exhausted its stack or memory. The real server crashes here.";
  return "The script ran out of the memory that a projection may use.";
}

/** Milliseconds as the server writes a time span: `00:00:00.2500000`. */
function duration(milliseconds: number): string {
  const ticks = Math.round(milliseconds * 10_000);
  const seconds = Math.floor(ticks / 10_000_000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const fraction = String(ticks % 10_000_000).padStart(7, "0");
  return `${parts.map((part) => String(part).padStart(2, "0")).join(":")}.${fraction}`;
}
