import type { Problem } from "@sluice/transport/deploy";
import { oneLine } from "../terminal/printable.ts";

/** Why a projection does not run as it was deployed, and what helps. Pure. */
export function problemText({ component, projection, why, reason }: Problem): string {
  switch (why) {
    case "faulted":
      return `${projection} has faulted: ${ended(oneLine(reason))} Find what broke it, then: sluice deploy --repair --component ${component}`;
    case "edited":
      return `${projection} was edited by hand. Put the edit into the declaration, then: sluice deploy --repair --component ${component}`;
    case "foreign":
      return `${projection} has a text that was not generated for ${component}. Rename the component, or delete the projection if nobody needs it.`;
    case "stopped":
      return `${projection} was stopped by somebody (${oneLine(reason)}), and messages wait before it. Enable it on the server.`;
    case "missing":
      return `${projection} was deleted. Put the next generation in its place: sluice deploy --repair --component ${component}`;
  }
}

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
