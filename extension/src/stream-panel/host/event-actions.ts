import { commands, env, l10n, type Uri, window } from "vscode";
import { ConnectionGoneError } from "../../connections/connection-errors.ts";
import { openDraft } from "../../drafts/open-draft.ts";
import type { RecordedEvent } from "../../event-store/event-store.ts";
import { base64Of, textOf } from "../../events/content.ts";
import { eventDocument, type EventDocumentOptions } from "../../events/event-document.ts";
import type { EventDocuments } from "../../events/event-documents.ts";
import { fixtureOf } from "../../events/fixture.ts";
import { eventOf } from "../../events/link.ts";
import { shortName } from "../../events/short-name.ts";
import type { Services } from "../../services.ts";
import type { PickedRow, ToHost } from "../protocol.ts";
import type { PanelSession } from "./panel-session.ts";
import { showFlow } from "./show-flow.ts";

type Of<Kind extends ToHost["kind"]> = ToHost & { kind: Kind };
/** An event by where it lies. */
type Picked = Pick<PickedRow, "source" | "place">;

export interface EventActionsOptions {
  readonly services: Services;
  readonly documents: EventDocuments;
  readonly connectionId: string;
  readonly session: Pick<PanelSession, "entryAt">;
  readonly signal: AbortSignal;
}

/** What can be done with the events of a panel; each is read by its place, since the view holds no whole ones. */
export class EventActions {
  readonly #options: EventActionsOptions;

  constructor(options: EventActionsOptions) {
    this.#options = options;
  }

  async copy({ what, ...picked }: Picked & Pick<Of<"copy">, "what">): Promise<void> {
    const event = await this.#eventAt(picked);
    const text = textOf(event.data);
    await env.clipboard.writeText(
      what === "id" ? event.id : what === "data" ? (text ?? base64Of(event.data)) : await fixtureOf(event),
    );
    window.setStatusBarMessage(
      what === "id"
        ? l10n.t("Copied the id")
        : what === "data"
          ? text === undefined
            ? l10n.t("Copied the data in Base64: they are no text")
            : l10n.t("Copied the data")
          : l10n.t("Copied as a test fixture"),
      3_000,
    );
  }

  async edit(picked: Picked): Promise<void> {
    const event = await this.#eventAt(picked);
    await window.showTextDocument(await this.#documentOf(event, { isSorted: false }), { preview: true });
  }

  /** Opens a draft of an event for a stream. */
  async append(stream: string): Promise<void> {
    await openDraft({ connection: this.#connectionName(), stream });
  }

  async appendLike(picked: Picked): Promise<void> {
    const connection = this.#connectionName();
    const event = await this.#eventAt(picked);
    await openDraft({ connection, stream: event.stream, like: event });
  }

  async showFlow(picked: Picked): Promise<void> {
    await showFlow(this.#options.connectionId, await this.#eventAt(picked));
  }

  async compare({ source, places }: Of<"compare">): Promise<void> {
    const [left, right] = await Promise.all(places.map((place) => this.#eventAt({ source, place })));
    if (left === undefined || right === undefined) return;
    const [a, b] = await Promise.all([left, right].map((event) => this.#documentOf(event, { isSorted: true })));
    await commands.executeCommand("vscode.diff", a, b, `${tabName(left)} ↔ ${tabName(right)}`, { preview: true });
  }

  async #documentOf(event: RecordedEvent, options: EventDocumentOptions): Promise<Uri> {
    return this.#options.documents.create(tabName(event), await eventDocument(event, options));
  }

  async #eventAt({ source, place }: Picked): Promise<RecordedEvent> {
    const { session, signal } = this.#options;
    const entry = await session.entryAt(source, place, signal);
    if (entry === undefined) throw new Error(l10n.t("This event is gone."));
    return eventOf(entry);
  }

  #connectionName(): string {
    const { services, connectionId } = this.#options;
    const connection = services.connections.find(connectionId);
    if (connection === undefined) throw new ConnectionGoneError(connectionId);
    return connection.name;
  }
}

function tabName({ type, revision, stream }: RecordedEvent): string {
  return `${shortName(type)} ${revision}@${shortName(stream)}`;
}
