import { ProjectionFault, type SourceDefinition } from "../handler.ts";

/**
 * What must hold of a definition as a whole, with the server's words for what does not, in the order in which it looks
 * (golden `projection-language/fault-texts-of-compilation`).
 */
export function checkDefinition(definition: SourceDefinition): void {
  const broken = rules.find(([isBroken]) => isBroken(definition));
  if (broken !== undefined) throw new ProjectionFault(broken[1]);
}

const hasStreams = ({ streams }: SourceDefinition): boolean => streams.length > 0;
const hasCategories = ({ categories }: SourceDefinition): boolean => categories.length > 0;

const rules: readonly (readonly [isBroken: (of: SourceDefinition) => boolean, fault: string])[] = [
  [(of) => !of.allStreams && !hasStreams(of) && !hasCategories(of), "None of streams and categories are included"],
  [(of) => !of.allEvents && of.events.length === 0, "None of events are included"],
  [
    (of) => hasStreams(of) && hasCategories(of),
    "Streams and categories cannot be included in a filter at the same time",
  ],
  [
    (of) => of.allStreams && (hasStreams(of) || hasCategories(of)),
    "Both FromAll and specific categories/streams cannot be set",
  ],
  [(of) => of.allEvents && of.events.length > 0, "Both AllEvents and specific event filters cannot be set"],
  [(of) => of.byStreams && hasStreams(of), "foreachStream projections are not supported on stream based sources"],
  [(of) => of.reorderEvents && of.allStreams, "Event reordering cannot be used with fromAll()"],
  [
    (of) => of.reorderEvents && of.streams.length < 2,
    "Event reordering is only available in fromStreams([]) projections",
  ],
  [
    (of) => of.reorderEvents && (of.processingLag ?? 0) < 50,
    "Event reordering requires processing lag at least of 50ms",
  ],
  [
    (of) => of.handlesDeletedNotifications && !of.byStreams,
    "Deleted stream notifications are only supported with foreachStream()",
  ],
  // Several calls of fromCategory, one after the other: no reader does that.
  [(of) => of.categories.length > 1, "Specified method is not supported."],
];
