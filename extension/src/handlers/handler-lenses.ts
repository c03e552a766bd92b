import * as l10n from "@vscode/l10n";
import { CodeLens, type Command, Disposable, EventEmitter, languages, Range, type TextDocument } from "vscode";
import { SHOW_FAILED_COMMAND } from "../components/component-commands.ts";
import type { Services } from "../services.ts";
import { type ComponentFigures, componentFigures } from "./component-figures.ts";
import { mentionsTransport } from "./handler-hints.ts";
import { takingHandlers } from "./handler-choices.ts";
import { SOURCES } from "./source-languages.ts";

/** How long what was seen of a server is good enough to be looked at. */
const FRESH_MS = 10_000;

/** Above each handler: how its component's queue stands on the server that is connected, and what has failed. */
export function registerHandlerLenses({ connections, server, workspaceModels }: Services): Disposable {
  const changed = new EventEmitter<void>();
  let lookedAt = -Infinity;

  async function provide(document: TextDocument): Promise<CodeLens[]> {
    const { current } = connections;
    // Only a connection that is open already is asked: a lens opens none.
    const isOpen = current !== undefined && connections.stateOf(current.id).kind === "open";
    if (!isOpen || !mentionsTransport(document)) return [];
    const { components } = await workspaceModels.read();
    const uri = document.uri.toString();
    const places = components.flatMap((component) =>
      [...takingHandlers(component)]
        .filter(({ place }) => place.uri === uri)
        .map(({ place }) => ({ component, place })),
    );
    if (places.length === 0) return [];
    look();
    return places.flatMap(({ component: { name }, place }) => {
      const figures = name === undefined ? undefined : componentFigures(server.view, name);
      if (name === undefined || figures === undefined) return [];
      const position = document.positionAt(place.start);
      return [new CodeLens(new Range(position, position), figuresCommand(figures, current.id, name))];
    });
  }

  /** What is seen comes later, and is shown then. */
  function look(): void {
    if (server.view.kind !== "nothing" && performance.now() - lookedAt < FRESH_MS) return;
    lookedAt = performance.now();
    void server.look();
  }

  return Disposable.from(
    changed,
    languages.registerCodeLensProvider(SOURCES, { onDidChangeCodeLenses: changed.event, provideCodeLenses: provide }),
    server.onDidChange(() => changed.fire()),
    workspaceModels.onDidChange(() => changed.fire()),
    connections.onDidChange(() => changed.fire()),
  );
}

function figuresCommand({ lag, parked }: ComponentFigures, connectionId: string, component: string): Command {
  const title = [
    ...(lag === undefined ? [] : [l10n.t("lag {0}", lag.toLocaleString())]),
    ...(parked === undefined ? [] : [l10n.t("{0} parked", parked.toLocaleString())]),
  ].join(" · ");
  return parked === undefined || parked === 0
    ? { title, command: "" }
    : { title, command: SHOW_FAILED_COMMAND, arguments: [{ connectionId, component }] };
}
