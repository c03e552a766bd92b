import type { ParkedSelection } from "@sluice/transport/deploy";

/** What decides which messages a row stands for. */
export interface SelectedRow {
  readonly connectionId: string;
  readonly component: string;
  readonly failureGroup?: string;
  readonly parkedId?: string;
  readonly count: number;
}

/** What is to be done with the messages of one component, in the order in which it is done. */
export interface SelectedMessages {
  readonly connectionId: string;
  readonly component: string;
  readonly selection: ParkedSelection;
  /** Messages it is for, as far as the view knows. */
  readonly count: number;
}

/**
 * The messages that rows stand for: single ones, groups and whole components side by side, each message once. A row below another
 * one that is selected too adds nothing. Pure.
 */
export function selectedMessages(rows: readonly SelectedRow[]): readonly SelectedMessages[] {
  const isComponent = (row: SelectedRow): boolean => row.failureGroup === undefined && row.parkedId === undefined;
  const isGroup = (row: SelectedRow): boolean => row.failureGroup !== undefined && row.parkedId === undefined;
  const keyOf = ({ connectionId, component }: SelectedRow): string => `${connectionId} ${component}`;
  const whole = new Set(rows.filter(isComponent).map(keyOf));
  const groups = new Set(rows.filter(isGroup).map((row) => `${keyOf(row)} ${row.failureGroup}`));
  const selected = new Map<string, SelectedMessages>();
  const ids = new Map<string, string[]>();
  for (const row of rows) {
    const { connectionId, component, failureGroup, parkedId, count } = row;
    const key = keyOf(row);
    if (isComponent(row)) selected.set(key, { connectionId, component, selection: "all", count });
    else if (whole.has(key)) continue;
    else if (parkedId === undefined && failureGroup !== undefined) {
      selected.set(`${key} ${failureGroup}`, { connectionId, component, selection: { failureGroup }, count });
    } else if (parkedId !== undefined && !groups.has(`${key} ${failureGroup}`)) {
      const of = ids.get(key) ?? [];
      if (!of.includes(parkedId)) of.push(parkedId);
      ids.set(key, of);
      const selection = { ids: of };
      selected.set(`${key} #`, { connectionId, component, selection, count: of.length });
    }
  }
  return [...selected.values()];
}
