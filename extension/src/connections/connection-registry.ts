import type { Disposable, EventEmitter, LogOutputChannel } from "vscode";
import type { EventReader, EventWriter } from "../event-store/event-store.ts";
import type { OpenServer } from "../server/open-server.ts";
import type { Server, ServerReader, ServerWriter } from "../server/server.ts";
import type { Connection, ConnectionState } from "./connection.ts";
import { ConnectionGoneError, ServerStoppedError, WriteCanceledError, WriteRefusedError } from "./connection-errors.ts";
import type { ConnectionSource } from "./connection-source.ts";
import { serversOf } from "./connection-string.ts";
import type { Connections, WriteIntent } from "./connections.ts";
import { type Environment, withEnvironment } from "./environment.ts";
import { type LinkOptions, type LinkTarget, type OpenEventStore, ServerLink } from "./server-link.ts";

export interface RegistryOptions extends Pick<LinkOptions, "wait"> {
  /** In the order in which connections are shown. */
  readonly sources: readonly ConnectionSource[];
  readonly openEventStore: OpenEventStore;
  readonly openServer: OpenServer;
  readonly environment: Environment;
  /** Tells of changes; ended with the registry. */
  readonly changes: EventEmitter<string | undefined>;
  /** Asks whether to write, where the policy or what is written wants a question. */
  readonly confirmWrite: (connection: Connection, intent: WriteIntent) => Promise<boolean>;
  /** Remembers which connection is the current one. */
  readonly chosen: { get(): string | undefined; set(id: string): void };
  readonly log: Pick<LogOutputChannel, "info" | "warn">;
}

/** All connections of all sources, with their links, and the one place where policies are enforced. */
export class ConnectionRegistry implements Connections {
  readonly #options: RegistryOptions;
  readonly #links = new Map<string, ServerLink>();
  readonly #servers = new Map<string, Promise<Server>>();
  readonly #listeners: readonly Disposable[];
  #known: ReadonlyMap<string, Connection>;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#known = this.#read();
    this.#listeners = options.sources.map((source) => source.onDidChange(() => this.#refresh()));
  }

  get all(): readonly Connection[] {
    return [...this.#known.values()];
  }

  get onDidChange() {
    return this.#options.changes.event;
  }

  get current(): Connection | undefined {
    const chosen = this.#options.chosen.get();
    return (chosen === undefined ? undefined : this.#known.get(chosen)) ?? this.all[0];
  }

  /** Makes it the current one. */
  choose(id: string): void {
    this.#options.chosen.set(id);
    this.#options.changes.fire(undefined);
  }

  find(id: string): Connection | undefined {
    return this.#known.get(id);
  }

  stateOf(id: string): ConnectionState {
    return this.#links.get(id)?.state ?? { kind: "closed" };
  }

  async open(id: string): Promise<EventReader> {
    return this.#linkOf(this.#running(id)).open();
  }

  async openForWriting(id: string, intent: WriteIntent): Promise<EventWriter> {
    await this.#permit(id, intent);
    return this.#linkOf(this.#existing(id)).openForWriting();
  }

  async openServer(id: string): Promise<ServerReader> {
    await this.open(id);
    return (await this.#serverOf(id)).reader;
  }

  async openServerForWriting(id: string, intent: WriteIntent): Promise<ServerWriter> {
    await this.#permit(id, intent);
    await this.open(id);
    return (await this.#serverOf(id)).writer;
  }

  /** Ends it for all who use it. It is opened again when it is next used. */
  close(id: string): void {
    const link = this.#links.get(id);
    const server = this.#servers.get(id);
    this.#links.delete(id);
    this.#servers.delete(id);
    link?.close();
    // One that could not be opened needs no closing.
    server?.then(
      (opened) => opened.close(),
      () => {},
    );
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const id of [...this.#links.keys()]) this.close(id);
    this.#options.changes.dispose();
  }

  /** @throws WriteRefusedError, WriteCanceledError */
  async #permit(id: string, intent: WriteIntent): Promise<void> {
    const connection = this.#running(id);
    if (connection.policy === "read-only") throw new WriteRefusedError(connection.name, intent.what);
    const isAsked = connection.policy === "confirm" || intent.question !== undefined;
    if (isAsked && !(await this.#options.confirmWrite(connection, intent))) {
      throw new WriteCanceledError(intent.what);
    }
  }

  /** Opened behind the link, which has found that the login is taken: once, and as long as the link is there. */
  #serverOf(id: string): Promise<Server> {
    const known = this.#servers.get(id);
    if (known !== undefined) return known;
    const opening = this.#target(id).then(({ connectionString, credentials }) =>
      this.#options.openServer(connectionString, credentials),
    );
    this.#servers.set(id, opening);
    opening.catch(() => this.#servers.get(id) === opening && this.#servers.delete(id));
    return opening;
  }

  #existing(id: string): Connection {
    const connection = this.#known.get(id);
    if (connection === undefined) throw new ConnectionGoneError(id);
    return connection;
  }

  #running(id: string): Connection {
    const connection = this.#existing(id);
    if (connection.isStopped === true) throw new ServerStoppedError();
    return connection;
  }

  #linkOf({ id, name, connectionString }: Connection): ServerLink {
    const existing = this.#links.get(id);
    if (existing !== undefined) return existing;
    const { openEventStore, wait, log, changes } = this.#options;
    const servers = this.#servers;
    const link = new ServerLink({
      target: () => this.#target(id),
      openEventStore,
      wait,
      onChange(state) {
        const where = `${name} (${serversOf(connectionString)})`;
        if (state.kind === "failed") log.warn(`${where}: ${state.error.name}: ${state.error.message}`);
        else log.info(`${where}: ${state.kind}${state.kind === "open" ? `, version ${state.version}` : ""}`);
        // The one that is back may be another, in the place of the one that went away.
        const server = state.kind === "open" ? servers.get(id) : undefined;
        server?.then(
          (opened) => opened.forget(),
          () => {},
        );
        changes.fire(id);
      },
    });
    this.#links.set(id, link);
    return link;
  }

  async #target(id: string): Promise<LinkTarget> {
    const connection = this.#existing(id);
    const { environment, sources } = this.#options;
    const connectionString = withEnvironment(connection.connectionString, environment);
    const source = sources.find(({ all }) => all.some((one) => one.id === id));
    const credentials = await source?.credentialsOf(connection);
    return {
      connectionString,
      credentials: credentials && {
        login: withEnvironment(credentials.login, environment),
        password: withEnvironment(credentials.password, environment),
      },
    };
  }

  #read(): ReadonlyMap<string, Connection> {
    return new Map(this.#options.sources.flatMap(({ all }) => all).map((connection) => [connection.id, connection]));
  }

  /** A link whose connection leads elsewhere now, or nowhere, or to a server that was stopped, is closed; a new name or policy leaves it open. */
  #refresh(): void {
    const before = this.#known;
    this.#known = this.#read();
    for (const id of this.#links.keys()) {
      const [old, now] = [before.get(id), this.#known.get(id)];
      if (
        now === undefined ||
        now.isStopped === true ||
        old?.connectionString !== now.connectionString ||
        old.login !== now.login
      ) {
        this.close(id);
      }
    }
    this.#options.changes.fire(undefined);
  }
}
