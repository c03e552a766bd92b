import * as l10n from "@vscode/l10n";
import {
  CodeLens,
  type Command,
  commands,
  Disposable,
  EventEmitter,
  languages,
  Location,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from "vscode";
import type { Services } from "../services.ts";
import { OPEN_STREAM_COMMAND, type OpenStream } from "../stream-panel/open-stream.ts";
import type { MessageDeclaration, WorkspaceModel } from "../workspace-model/declarations.ts";
import type { SourcePlace } from "../workspace-model/source-file.ts";
import { mentionsTransport } from "./handler-hints.ts";
import { handlersOf, takes, takingHandlers } from "./handler-choices.ts";
import { CountCache } from "./seen/count-cache.ts";
import { countOrNone, listOf, type TypeCount } from "./seen/type-count.ts";
import { SOURCES } from "./source-languages.ts";

/** A command of lenses alone: it has to be told the places. */
const SHOW_PLACES_COMMAND = "sluice.handlers.showPlaces";

/** One thing that is told of a message. What the server knows is read when the lens is shown. */
class MessageLens extends CodeLens {
  readonly tells: "count" | "handlers" | "browse";
  readonly message: MessageDeclaration;
  readonly model: WorkspaceModel;

  constructor(range: Range, tells: MessageLens["tells"], message: MessageDeclaration, model: WorkspaceModel) {
    super(range);
    this.tells = tells;
    this.message = message;
    this.model = model;
  }
}

/** Above each definition of a message: how many there are on the current connection's server, who takes them, and the way to them. */
export function registerMessageLenses(services: Services): Disposable {
  const { connections, workspaceModels } = services;
  const changed = new EventEmitter<void>();
  const counts = new CountCache(() => performance.now());

  /** Only a connection that is open already is asked: a lens opens none. */
  const openId = (): string | undefined => {
    const { current } = connections;
    return current !== undefined && connections.stateOf(current.id).kind === "open" ? current.id : undefined;
  };

  async function provide(document: TextDocument): Promise<readonly CodeLens[]> {
    if (!mentionsTransport(document)) return [];
    const model = await workspaceModels.read();
    const uri = document.uri.toString();
    const own = model.messages.filter(({ place, type }) => place.uri === uri && !type.endsWith(".*"));
    return own.flatMap((message) => {
      const position = document.positionAt(message.place.start);
      const range = new Range(position, position);
      const isOpen = openId() !== undefined;
      const tells = [
        ...(isOpen ? ["count" as const] : []),
        "handlers" as const,
        ...(isOpen ? ["browse" as const] : []),
      ];
      return tells.map((one) => new MessageLens(range, one, message, model));
    });
  }

  async function resolve(lens: CodeLens): Promise<CodeLens> {
    if (!(lens instanceof MessageLens)) return lens;
    const { message, model, tells } = lens;
    const connectionId = openId();
    if (tells === "handlers") lens.command = handlersCommand(message, model);
    else if (connectionId === undefined) lens.command = { title: "", command: "" };
    else if (tells === "browse") {
      const open: OpenStream = { connectionId, stream: listOf(message.type) };
      lens.command = { title: l10n.t("browse"), command: OPEN_STREAM_COMMAND, arguments: [open] };
    } else lens.command = { title: countTitle(message, await count(connectionId, message.type)), command: "" };
    return lens;
  }

  async function count(connectionId: string, type: string): Promise<TypeCount | undefined> {
    try {
      const reader = await connections.open(connectionId);
      return await counts.of(reader, type, () => countOrNone(reader, type, AbortSignal.timeout(5_000)));
    } catch {
      // That the server is away is told where it is looked at.
      return undefined;
    }
  }

  return Disposable.from(
    changed,
    commands.registerCommand(SHOW_PLACES_COMMAND, showPlaces),
    languages.registerCodeLensProvider(SOURCES, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: async (document) => [...(await provide(document))],
      resolveCodeLens: resolve,
    }),
    workspaceModels.onDidChange(() => changed.fire()),
    connections.onDidChange(() => changed.fire()),
  );
}

function countTitle({ kind }: MessageDeclaration, count: TypeCount | undefined): string {
  if (count === undefined) return l10n.t("not counted here");
  const events = count.events.toLocaleString();
  if (kind === "event") return l10n.t("{0} published", events);
  return kind === "command" ? l10n.t("{0} sent", events) : l10n.t("{0} replied", events);
}

/** Who takes it, as far as the workspace says; chosen, its places are shown. */
function handlersCommand(message: MessageDeclaration, model: WorkspaceModel): Command {
  const names = handlersOf(message, model);
  const title =
    message.kind === "event"
      ? names.length === 1
        ? l10n.t("1 subscriber")
        : l10n.t("{0} subscribers", names.length)
      : names.length === 0
        ? l10n.t("no handler")
        : l10n.t("handled by {0}", names.join(", "));
  const places = model.components.flatMap((component) =>
    [...takingHandlers(component)].filter((handler) => takes(handler, message)).map(({ place }) => place),
  );
  if (places.length === 0) return { title, command: "" };
  return { title, command: SHOW_PLACES_COMMAND, arguments: [message.place, places] };
}

/** Shows places in sources beside the one that they are looked at from. */
async function showPlaces(from: SourcePlace, places: readonly SourcePlace[]): Promise<void> {
  const locations = await Promise.all(places.map(locationOf));
  const { uri, range } = await locationOf(from);
  await commands.executeCommand("editor.action.showReferences", uri, range.start, locations);
}

async function locationOf({ uri, start, end }: SourcePlace): Promise<Location> {
  const document = await workspace.openTextDocument(Uri.parse(uri, true));
  return new Location(document.uri, new Range(document.positionAt(start), document.positionAt(end)));
}
