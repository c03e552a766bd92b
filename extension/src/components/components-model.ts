import type { ErrorAction } from "../notifications/error-action.ts";
import type { ServerObservation } from "@sluice/transport/deploy";
import * as l10n from "@vscode/l10n";
import type { Connections } from "../connections/connections.ts";
import type { Connection } from "../connections/connection.ts";
import { ServerStoppedError } from "../connections/connection-errors.ts";
import { presentError } from "../connections/error-presentation.ts";
import type { ServerView, ServerWatch } from "../server/server-watch.ts";
import type { ComponentTarget } from "./component-commands.ts";
import type { ComponentRow } from "./component-row.ts";
import { componentRow } from "./component-rows.ts";
import { type ComponentStatus, componentStatuses } from "./component-status.ts";
import type { DeclaredComponent, DeclaredComponents } from "./declared-components.ts";
import { historyRows } from "./history-rows.ts";

/** Deployments that are shown of a component. */
const DEPLOYMENTS = 50;

export interface ComponentsModelOptions {
  readonly connections: Pick<Connections, "current" | "stateOf" | "find">;
  readonly server: Pick<ServerWatch, "view" | "look">;
  readonly declared: Pick<DeclaredComponents, "current" | "read">;
}

/** The rows of the Components view for the current connection. Asks the server nothing by itself but what is looked at for the first time. */
export class ComponentsModel {
  readonly #options: ComponentsModelOptions;
  #known: {
    readonly view: ServerView;
    readonly declared: readonly DeclaredComponent[];
    readonly of: readonly Status[];
  } = { view: { kind: "nothing" }, declared: [], of: [] };

  constructor(options: ComponentsModelOptions) {
    this.#options = options;
  }

  /** All components, side by side; empty as long as the server was not seen. */
  get statuses(): readonly Status[] {
    const { view } = this.#options.server;
    const declared = this.#options.declared.current;
    if (this.#known.view !== view || this.#known.declared !== declared) {
      const of = view.kind === "seen" ? componentStatuses(view.observed, declared, view.reader.planOf) : [];
      this.#known = { view, declared, of };
    }
    return this.#known.of;
  }

  /** How a component stands; undefined where it is gone, or another connection is the current one. */
  find({ connectionId, component }: ComponentTarget): Status | undefined {
    const { view } = this.#options.server;
    if (view.kind !== "seen" || view.connectionId !== connectionId) return undefined;
    return this.statuses.find(({ name }) => name === component);
  }

  /** The rows under one, or the first ones. What cannot be read is a row that says why, with rows that lead to a remedy. */
  async children(row?: ComponentRow): Promise<readonly ComponentRow[]> {
    if (row === undefined) return this.#roots();
    return row.children === "history" ? this.#history(row) : (row.children ?? []);
  }

  async #roots(): Promise<readonly ComponentRow[]> {
    const { connections, server } = this.#options;
    const { current } = connections;
    if (current === undefined) return [];
    const state = connections.stateOf(current.id);
    if (state.kind === "failed") return failedRows(state.error, current);
    if (current.isStopped === true) return failedRows(new ServerStoppedError(), current);
    if (state.kind === "closed") return [connectRow(current)];
    await this.#options.declared.read();
    if (server.view.kind === "nothing") await server.look();
    const { view } = server;
    if (view.kind === "failed") return failedRows(view.error, current);
    if (view.kind === "nothing") return [];
    const { observed, error, connectionId, failed } = view;
    const shown = { connectionId, observed, failed };
    const unseen = unseenText(observed);
    const rows = this.statuses.map((status) => componentRow(status, shown));
    return [
      ...(error === undefined ? [] : failedRows(error, current)),
      ...rows,
      ...(rows.length === 0 ? emptyRows(current) : []),
      ...(unseen === undefined ? [] : [noteRow(current.id, `${current.id} unseen`, unseen, "lock")]),
    ];
  }

  async #history(row: ComponentRow): Promise<readonly ComponentRow[]> {
    const { view } = this.#options.server;
    if (view.kind !== "seen" || row.component === undefined) return [];
    try {
      return historyRows(row, await view.reader.history(row.component, DEPLOYMENTS));
    } catch (error) {
      return [noteRow(row.connectionId, `${row.id} failed`, presentError(error).sentence, "error")];
    }
  }
}

type Status = ComponentStatus<DeclaredComponent>;

function failedRows(error: unknown, connection: Connection): readonly ComponentRow[] {
  const { sentence, actions } = presentError(error, connection);
  return [
    noteRow(connection.id, `${connection.id} failed`, sentence, "error"),
    ...actions.map((action) => remedyRow(connection.id, action)),
  ];
}

const remedyRow = (connectionId: string, action: ErrorAction): ComponentRow => ({
  id: `${connectionId} remedy ${action.command}`,
  connectionId,
  label: action.title,
  icon: "lightbulb",
  contextValue: ";remedy;",
  action,
});

const connectRow = ({ id, name }: Connection): ComponentRow => {
  const label = l10n.t("Connect to {0}", name);
  return {
    id: `${id} connect`,
    connectionId: id,
    label,
    icon: "plug",
    contextValue: ";remedy;",
    action: { title: label, command: "sluice.connect", arguments: [id] },
  };
};

const emptyRows = ({ id }: Connection): readonly ComponentRow[] => [
  {
    ...noteRow(id, `${id} empty`, l10n.t("There are no components yet"), "info"),
    tooltip: [l10n.t("A component is there once it is deployed, or declared by component(…) in the workspace.")],
  },
  remedyRow(id, { title: l10n.t("New Handler…"), command: "sluice.newHandler", arguments: [] }),
];

/** What the login does not let see, in a sentence; undefined where it lets see all. */
function unseenText({ components, statuses, seesGroups }: ServerObservation): string | undefined {
  if (!seesGroups || statuses === undefined) {
    return l10n.t("Queues and projections are not known: it takes a login that is a member of $admins.");
  }
  return components.every(({ seesTexts }) => seesTexts)
    ? undefined
    : l10n.t("Failed messages and edits by hand are not known: it takes a login that is a member of $admins.");
}

const noteRow = (connectionId: string, id: string, label: string, icon: string): ComponentRow => ({
  id,
  connectionId,
  label,
  tooltip: [label],
  icon,
  contextValue: ";note;",
});
