import * as l10n from "@vscode/l10n";
import { formatTime } from "../../webview/view/format.ts";
import { type CausedEvent, causesOf } from "../model/causes.ts";
import { courseDrawing } from "../model/course-drawing.ts";
import type { Drawing } from "../model/drawing.ts";
import type { Tab } from "../model/flow-state.ts";
import { type FlowNode, flowTree } from "../model/flow-tree.ts";
import { courseOf, type CourseStep } from "../model/instance-course.ts";
import { courseMermaid, sequenceMermaid, treeMermaid } from "../model/mermaid.ts";
import { sequenceDrawing } from "../model/sequence-drawing.ts";
import { type Sequence, sequenceOf } from "../model/sequence.ts";
import { isInstance } from "../model/stream-owner.ts";
import { courseTable, eventTable, sequenceTable, type Table, treeTable } from "../model/tables.ts";
import { treeDrawing } from "../model/tree-drawing.ts";
import type { ToView } from "../protocol.ts";
import type { FlowLink } from "../schemas.ts";

export type Conversation = ToView & { kind: "conversation" };
export type Course = ToView & { kind: "course" };

/** What a drawing is made of. */
export interface PictureOf {
  readonly conversation: Conversation;
  readonly links: readonly FlowLink[];
  readonly open: ReadonlySet<string>;
  readonly course: Course | undefined;
}

/** From so many events on, those alike that lead to nothing more are one. */
const GROUPS_FROM = 40;

/** A conversation as each tab shows it, made when it is looked at. */
export class FlowPicture {
  readonly #of: PictureOf;
  readonly causes: readonly CausedEvent[];
  readonly #nodes: readonly FlowNode[];
  readonly #sequence: Sequence;
  readonly #steps: readonly CourseStep[];
  readonly #typeOf: ReadonlyMap<string, string>;
  readonly #drawings = new Map<Tab, Drawing>();
  readonly #tables = new Map<Tab, Table>();

  constructor(of: PictureOf) {
    const { conversation, links, open, course } = of;
    this.#of = of;
    this.causes = causesOf(conversation.events);
    const { parkings } = conversation;
    this.#nodes = flowTree(this.causes, { parkings, links, open, groupsFrom: GROUPS_FROM });
    this.#sequence = sequenceOf(this.#nodes, this.causes);
    this.#steps = course === undefined ? [] : courseOf(course.events, course.snapshots);
    this.#typeOf = new Map(conversation.events.map(({ messageId, type }) => [messageId, type]));
  }

  /** In the order in which they come up. */
  get parties(): readonly string[] {
    return [...new Set(this.causes.map(({ event }) => event.party))];
  }

  /** The streams of instances that the conversation touches. */
  get instances(): readonly string[] {
    return [...new Set(this.causes.map(({ event }) => event.stream))].filter(isInstance);
  }

  step(revision: string | undefined): CourseStep | undefined {
    return this.#steps.find(({ event }) => event.revision === revision);
  }

  /** What was known before the event. */
  before(step: CourseStep): ReadonlyMap<string, string> {
    return this.#steps[this.#steps.indexOf(step) - 1]?.state ?? new Map();
  }

  /** Made once: it is drawn anew with each key that is pressed. */
  drawing(tab: Tab): Drawing | undefined {
    const drawing = this.#drawings.get(tab) ?? this.#draw(tab);
    if (drawing !== undefined) this.#drawings.set(tab, drawing);
    return drawing;
  }

  table(tab: Tab): Table {
    const table = this.#tables.get(tab) ?? this.#list(tab);
    this.#tables.set(tab, table);
    return table;
  }

  #draw(tab: Tab): Drawing | undefined {
    switch (tab) {
      case "tree":
        return treeDrawing(this.#nodes, this.parties);
      case "sequence":
        return sequenceDrawing(this.#sequence);
      case "timeline":
        return courseDrawing(this.#steps, {
          causeOf: this.#causeOf,
          more: (count) => l10n.t("and {0} more", count),
          stored: l10n.t("State stored"),
          isShown: this.#isShown,
        });
      case "table":
        return undefined;
    }
  }

  #list(tab: Tab): Table {
    const { conversation, course } = this.#of;
    switch (tab) {
      case "tree":
        return treeTable(this.#nodes, formatTime);
      case "sequence":
        return sequenceTable(this.#sequence, this.causes);
      case "timeline":
        return courseTable(course?.stream ?? "", this.#steps, this.#causeOf, formatTime);
      case "table":
        return eventTable(this.causes, conversation.parkings, formatTime);
    }
  }

  mermaid(tab: Tab): string {
    switch (tab) {
      case "tree":
        return treeMermaid(this.#nodes);
      case "timeline":
        return courseMermaid(this.#of.course?.stream ?? "", this.#steps);
      case "sequence":
      case "table":
        return sequenceMermaid(this.#sequence);
    }
  }

  readonly #causeOf = ({ event: { causationId } }: CourseStep): string | undefined =>
    causationId === undefined ? undefined : this.#typeOf.get(causationId);

  readonly #isShown = ({ event }: CourseStep): boolean =>
    this.#of.conversation.events.some(
      ({ stream, revision }) => stream === this.#of.course?.stream && revision === event.revision,
    );
}
