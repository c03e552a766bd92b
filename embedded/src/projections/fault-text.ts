import { ProjectionFault } from "./handler.ts";
import { formatTag } from "./tags/format.ts";
import type { Tag } from "./tags/tag.ts";

/** What a handler threw, below the heading with which the server shows it. Faults that are shown bare stay as they are. */
export function describeFault(error: unknown, projection: string, handler: string, at: Tag): ProjectionFault {
  const fault = asFault(error);
  if (fault.bare) return fault;
  const heading = [
    `The ${projection} projection failed to process an event.`,
    `Handler: ${handler}`,
    `Event Position: ${formatTag(at)}`,
    "",
    "Message:",
    "",
    "",
  ];
  return new ProjectionFault(heading.join("\r\n") + fault.message, { cause: fault });
}

/** Whatever was thrown, as a fault. */
export function asFault(error: unknown): ProjectionFault {
  if (error instanceof ProjectionFault) return error;
  return new ProjectionFault(error instanceof Error ? error.message : String(error), { cause: error });
}
