import { CompletionItem, CompletionItemKind, type Disposable, languages, Range, type TextDocument } from "vscode";
import type { Services } from "../services.ts";
import { DRAFT_LANGUAGE } from "./event-draft.ts";
import { draftOptions, wantsSeen } from "./draft-options.ts";
import { draftPlace, draftTexts } from "./draft-place.ts";
import { readSeen } from "./read-seen.ts";
import type { SeenEvents } from "./seen-events.ts";

/** Proposes what fits where somebody writes a draft: types and members as the stream's events have them. */
export function completeDrafts({ connections, log }: Services): Disposable {
  const seenBy = async (texts: ReadonlyMap<string, string>, signal: AbortSignal): Promise<SeenEvents | undefined> => {
    const stream = texts.get("stream") ?? "";
    const [connection, another] = connections.all.filter(({ name }) => name === texts.get("connection"));
    if (stream === "" || connection === undefined || another !== undefined) return undefined;
    return readSeen(await connections.open(connection.id), stream, signal);
  };
  const itemsAt = async (document: TextDocument, offset: number, signal: AbortSignal): Promise<CompletionItem[]> => {
    const text = document.getText();
    const place = draftPlace(text, offset);
    if (place === undefined) return [];
    const texts = draftTexts(text);
    const seen = wantsSeen(place) ? await seenBy(texts, signal) : undefined;
    const range = new Range(document.positionAt(place.from), document.positionAt(place.to));
    const isKey = place.kind === "key";
    const hasColon = /^\s*:/.test(text.slice(place.to));
    return draftOptions(place, texts.get("type") ?? "", connections.all, seen).map((option, index) => {
      const item = new CompletionItem(option, isKey ? CompletionItemKind.Property : CompletionItemKind.Value);
      const quoted = JSON.stringify(option);
      item.range = range;
      item.filterText = quoted;
      item.insertText = isKey && !hasColon ? `${quoted}: ` : quoted;
      // In the order in which they come: the likeliest first.
      item.sortText = String(index).padStart(4, "0");
      return item;
    });
  };
  return languages.registerCompletionItemProvider(
    DRAFT_LANGUAGE,
    {
      async provideCompletionItems(document, position, token) {
        const left = new AbortController();
        const listener = token.onCancellationRequested(() => left.abort());
        try {
          return await itemsAt(document, document.offsetAt(position), left.signal);
        } catch (error) {
          // Who types has asked for nothing that could fail; the views tell what is wrong with the server.
          if (!left.signal.aborted) log.warn(String(error));
          return [];
        } finally {
          listener.dispose();
        }
      },
    },
    '"',
  );
}
