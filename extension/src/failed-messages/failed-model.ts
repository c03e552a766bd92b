import type { ParkedMessage } from "@sluice/transport/deploy";
import * as l10n from "@vscode/l10n";
import type { Connections } from "../connections/connections.ts";
import { presentError } from "../connections/error-presentation.ts";
import type { ServerWatch } from "../server/server-watch.ts";
import type { FailedRow } from "./failed-row.ts";
import { failedComponentRow, messageRow, moreRow } from "./failed-rows.ts";

/** Messages that are read at once. */
const PAGE = 50;

/** What of the messages of a group is shown. */
interface Listed {
  readonly messages: readonly ParkedMessage[];
  readonly next: string | undefined;
}

/** The rows of the Failed Messages view for the current connection. */
export class FailedModel {
  readonly #connections: Pick<Connections, "current" | "stateOf" | "find">;
  readonly #server: Pick<ServerWatch, "view" | "look">;
  /** By the row's id: how many are shown, where it is more than a page. */
  readonly #shown = new Map<string, number>();
  /** What is shown of each group, by its row's id: to be shown whole, and to be edited. */
  readonly #messages = new Map<string, readonly ParkedMessage[]>();

  constructor(
    connections: Pick<Connections, "current" | "stateOf" | "find">,
    server: Pick<ServerWatch, "view" | "look">,
  ) {
    this.#connections = connections;
    this.#server = server;
  }

  /** Whether the failed messages of all components are known, and there are none; false as long as nothing is known. */
  get isNone(): boolean {
    const { view } = this.#server;
    return view.kind === "seen" && view.observed.seesGroups && this.#components().length === 0;
  }

  /** Failed messages in all. */
  get count(): number {
    return this.#components().reduce((sum, { count }) => sum + count, 0);
  }

  /** Why nothing can be shown, in a sentence; undefined where what can be shown is shown. */
  get unseen(): string | undefined {
    const { view } = this.#server;
    const { current } = this.#connections;
    if (current === undefined) return undefined;
    const state = this.#connections.stateOf(current.id);
    if (state.kind === "failed") return presentError(state.error, current).sentence;
    if (view.kind === "failed") return presentError(view.error, current).sentence;
    if (view.kind === "seen" && view.error !== undefined) return presentError(view.error, current).sentence;
    if (view.kind !== "seen" || view.observed.seesGroups) return undefined;
    return l10n.t("Failed messages are not shown: it takes a login that is a member of $admins.");
  }

  async children(row?: FailedRow): Promise<readonly FailedRow[]> {
    if (row === undefined) {
      if (this.#server.view.kind === "nothing") await this.#server.look();
      return this.#components();
    }
    return row.children === "messages" ? this.#messagesOf(row) : (row.children ?? []);
  }

  /** The row of a component, to be revealed. */
  componentRow(component: string): FailedRow | undefined {
    return this.#components().find((row) => row.component === component);
  }

  /** Shows a page more of a group the next time it is asked. */
  more({ connectionId, component, failureGroup = "" }: Pick<FailedRow, "connectionId" | "component" | "failureGroup">) {
    const id = `${connectionId} ${component} ${failureGroup}`;
    this.#shown.set(id, (this.#shown.get(id) ?? PAGE) + PAGE);
  }

  /** A message that was shown; undefined where it was not, or is no longer there. */
  find({ parkedId = "" }: Pick<FailedRow, "parkedId">): ParkedMessage | undefined {
    return [...this.#messages.values()].flat().find(({ id }) => id === parkedId);
  }

  #components(): readonly FailedRow[] {
    const { view } = this.#server;
    if (view.kind !== "seen") return [];
    const { connectionId, failed } = view;
    return [...failed].flatMap(([component, groups]) => failedComponentRow(connectionId, component, groups) ?? []);
  }

  async #messagesOf(group: FailedRow): Promise<readonly FailedRow[]> {
    try {
      const { messages, next } = await this.#list(group);
      this.#messages.set(group.id, messages);
      const rows = messages.map((message) => messageRow(group, message));
      return next === undefined ? rows : [...rows, moreRow(group, rows.length)];
    } catch (error) {
      const { connectionId, component } = group;
      const label = presentError(error, this.#connections.find(connectionId)).sentence;
      const id = `${group.id} failed`;
      return [
        { id, connectionId, component, count: 0, label, tooltip: [label], icon: "error", contextValue: ";note;" },
      ];
    }
  }

  async #list({ id, component, failureGroup = "" }: FailedRow): Promise<Listed> {
    const { view } = this.#server;
    if (view.kind !== "seen") return { messages: [], next: undefined };
    const limit = this.#shown.get(id) ?? PAGE;
    return view.reader.parked.list(component, { failureGroup, limit });
  }
}
