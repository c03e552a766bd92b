import * as l10n from "@vscode/l10n";
import { type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from "vscode";
import { searchedText } from "./stream-item.ts";
import type { StreamListing } from "./stream-listing.ts";
import type { StreamMarks } from "./stream-marks.ts";
import { ALL } from "./stream-name.ts";
import type { StreamsModel } from "./streams-model.ts";

const FOUND_AT_ONCE = 100;
/** Who types on does not want what was typed before. */
const PAUSE_MS = 200;

interface Row extends QuickPickItem {
  /** Undefined for the row that searches further. */
  readonly stream?: string;
}

/** Lets the user choose a stream by the beginning of its name, or any by its whole name; undefined where they give up. */
export function findStream(model: StreamsModel, marks: StreamMarks, connectionId: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const pick = window.createQuickPick<Row>();
  pick.title = l10n.t("Find Stream");
  pick.placeholder = l10n.t("The beginning of a stream's name, or its whole name");
  let search = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let listing: StreamListing | undefined;

  const show = (note?: string): void => {
    const typed = pick.value.trim();
    const names = listing?.names ?? [];
    pick.items = [
      ...(typed === "" ? known() : [exact(typed)]),
      ...(names.length > 0 ? [separator(l10n.t("Found"))] : []),
      ...names.filter((name) => name !== typed).map((name) => row(name, "list-flat")),
      ...(listing === undefined || listing.isComplete ? [] : [further(listing)]),
      ...(note === undefined ? [] : [separator(note)]),
    ];
  };
  const known = (): Row[] => {
    const groups = [
      [l10n.t("Favourites"), marks.favourites(connectionId), "star-full"],
      [l10n.t("Recent"), marks.recent(connectionId), "history"],
    ] as const;
    return [
      row(ALL, "globe"),
      ...groups.flatMap(([label, names, icon]) =>
        names.length === 0 ? [] : [separator(label), ...names.map((name) => row(name, icon))],
      ),
    ];
  };
  const look = async (): Promise<void> => {
    search.abort();
    search = new AbortController();
    const { signal } = search;
    listing = undefined;
    show();
    const prefix = pick.value.trim();
    if (prefix === "") return;
    await working(signal, async () => {
      const catalogue = await model.catalogue(connectionId);
      listing = await catalogue.beginningWith(prefix, FOUND_AT_ONCE, { signal });
    });
  };
  const goOn = (): Promise<void> =>
    working(search.signal, async (signal) => listing?.more(FOUND_AT_ONCE, { signal, onProgress: () => show() }));
  const working = async (signal: AbortSignal, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> => {
    pick.busy = true;
    try {
      await work(signal);
      if (!signal.aborted) show();
    } catch (error) {
      if (!signal.aborted) show(error instanceof Error ? error.message : String(error));
    } finally {
      if (!signal.aborted) pick.busy = false;
    }
  };

  pick.onDidChangeValue(() => {
    clearTimeout(timer);
    search.abort();
    listing = undefined;
    show();
    timer = setTimeout(() => void look(), PAUSE_MS);
  });
  pick.onDidAccept(() => {
    const [chosen] = pick.selectedItems;
    if (chosen === undefined) return;
    if (chosen.stream === undefined) return void goOn();
    resolve(chosen.stream);
    pick.hide();
  });
  pick.onDidHide(() => {
    clearTimeout(timer);
    search.abort();
    resolve(undefined);
    pick.dispose();
  });
  show();
  pick.show();
  return promise;
}

const separator = (label: string): Row => ({ label, kind: QuickPickItemKind.Separator });

/** Always shown: what VS Code would filter by its own rules begins with what was typed. */
const row = (stream: string, icon: string): Row => ({
  label: stream,
  iconPath: new ThemeIcon(icon),
  alwaysShow: true,
  stream,
});

const exact = (typed: string): Row => ({
  ...row(typed, "go-to-file"),
  description: l10n.t("open the stream of this name"),
});

const further = (listing: StreamListing): Row => ({
  label: l10n.t("Search further…"),
  description: searchedText(listing.searched),
  iconPath: new ThemeIcon("search"),
  alwaysShow: true,
});
