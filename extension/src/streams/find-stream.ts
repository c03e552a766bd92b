import * as l10n from "@vscode/l10n";
import { type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from "vscode";
import { isSystemStream, ALL } from "./stream-name.ts";
import { searchedText, shortened } from "./stream-item.ts";
import type { StreamMarks } from "./stream-marks.ts";
import type { FoundStreams, StreamSearch } from "./stream-search.ts";
import type { StreamsModel } from "./streams-model.ts";

/** Who types on does not want what was typed before. */
const PAUSE_MS = 150;

/** A row, and what choosing it does. */
interface Row extends QuickPickItem {
  readonly stream?: string;
  /** What is typed in place of what was. */
  readonly text?: string;
  readonly goesOn?: boolean;
}

/** Lets the user choose a stream by its name or a part of it; undefined where they give up. */
export function findStream(model: StreamsModel, marks: StreamMarks, connectionId: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const pick = window.createQuickPick<Row>();
  pick.title = l10n.t("Find Stream");
  pick.placeholder = l10n.t("A stream's name, its beginning, or a part of it");
  // Rows stand as they are ranked here; VS Code would put first what is not there.
  Object.assign(pick, { sortByLabel: false });
  const ending = new AbortController();
  const searching = model.search(connectionId);
  let search: StreamSearch | undefined;
  let look = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  /** Entered before it was known whether there is such a stream. */
  let isEntered = false;

  const typed = (): string => pick.value.trim();
  const show = (note?: string): void => {
    const found = typed() === "" ? undefined : search?.found(typed());
    if (isEntered && found?.isThere === true) return choose(typed());
    const rows = found === undefined ? (typed() === "" ? known(marks, connectionId) : []) : rowsOf(typed(), found);
    pick.items = note === undefined ? rows : [...rows, separator(note)];
    // What is not there is chosen on purpose only.
    if (found !== undefined && rows[0]?.stream === typed() && found.isThere === false) pick.activeItems = [];
  };
  const choose = (stream: string): void => {
    resolve(stream);
    pick.hide();
  };
  const working = async (work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    look.abort();
    look = new AbortController();
    const signal = AbortSignal.any([look.signal, ending.signal]);
    pick.busy = true;
    try {
      search ??= await searching;
      signal.throwIfAborted();
      await work(signal);
      signal.throwIfAborted();
      show();
    } catch (error) {
      if (!signal.aborted) show(error instanceof Error ? error.message : String(error));
    } finally {
      if (!signal.aborted) pick.busy = false;
    }
  };
  const lookFor = (text: string): Promise<void> =>
    working(async (signal) => {
      await search?.ask(text, signal);
      show();
      await goOn(text, signal);
    });
  const goOn = async (text: string, signal: AbortSignal): Promise<void> =>
    search?.search(text, { signal, onProgress: () => show() });

  pick.onDidChangeValue(() => {
    clearTimeout(timer);
    isEntered = false;
    look.abort();
    pick.busy = typed() !== "";
    show();
    if (typed() !== "") timer = setTimeout(() => void lookFor(typed()), PAUSE_MS);
  });
  pick.onDidAccept(() => {
    const [chosen] = pick.selectedItems;
    if (chosen?.stream !== undefined) choose(chosen.stream);
    else if (chosen?.text !== undefined) {
      pick.value = chosen.text;
      show();
      void lookFor(chosen.text.trim());
    } else if (chosen?.goesOn === true) void working((signal) => goOn(typed(), signal));
    else if (typed() !== "" && search?.found(typed()).isThere === undefined) isEntered = true;
  });
  pick.onDidHide(() => {
    clearTimeout(timer);
    ending.abort();
    resolve(undefined);
    pick.dispose();
  });
  show();
  pick.show();
  return promise;
}

/** The best first: the stream of this name, categories, streams; what is not there yet is the last to be chosen. */
function rowsOf(typed: string, { isThere, categories, streams, searched, isComplete }: FoundStreams): readonly Row[] {
  return [
    ...(isThere === true ? [row(typed)] : []),
    ...categories.map(categoryRow),
    ...streams.map((stream) => row(stream)),
    ...(searched === undefined || isComplete
      ? []
      : [
          {
            label: l10n.t("Search further…"),
            description: searchedText(searched),
            iconPath: new ThemeIcon("search"),
            alwaysShow: true,
            goesOn: true,
          },
        ]),
    ...(isThere === false ? [{ ...row(typed), description: l10n.t("not there yet") }] : []),
  ];
}

function known(marks: StreamMarks, connectionId: string): readonly Row[] {
  const groups = [
    [l10n.t("Favorites"), marks.favorites(connectionId), "star-full"],
    [l10n.t("Recent"), marks.recent(connectionId), "history"],
  ] as const;
  return [
    row(ALL, "globe"),
    ...groups.flatMap(([label, names, icon]) =>
      names.length === 0 ? [] : [separator(label), ...names.map((name) => row(name, icon))],
    ),
  ];
}

const separator = (label: string): Row => ({ label, kind: QuickPickItemKind.Separator });

/** Always shown: VS Code would filter by its own rules. */
const row = (stream: string, icon = isSystemStream(stream) ? "gear" : "list-flat"): Row => ({
  label: shortened(stream),
  iconPath: new ThemeIcon(icon),
  alwaysShow: true,
  stream,
});

const categoryRow = (category: string): Row => ({
  label: `${shortened(category)}-`,
  description: l10n.t("streams of this category"),
  iconPath: new ThemeIcon("folder"),
  alwaysShow: true,
  text: `${category}-`,
});
