import {
  type DiagnosticCollection,
  Disposable,
  type EventEmitter,
  RelativePattern,
  type Uri,
  workspace,
  type WorkspaceFolder,
} from "vscode";
import type { Connection } from "./connection.ts";
import { PasswordMissingError } from "./connection-errors.ts";
import { type ConnectionFile, type FileConnection, parseConnectionFile } from "./connection-file.ts";
import type { Credentials } from "../event-store/credentials.ts";
import type { ConnectionSource } from "./connection-source.ts";
import { documentDiagnostics } from "../documents/document-diagnostics.ts";
import type { Passwords } from "./passwords.ts";
import { sharedFileOf } from "./shared-file.ts";

export interface WorkspaceConnectionsOptions {
  readonly passwords: Passwords;
  readonly changes: EventEmitter<void>;
  readonly diagnostics: DiagnosticCollection;
}

/** A `.vscode/sluice.json` as it was last read. */
export interface SharedFile extends ConnectionFile {
  readonly uri: Uri;
  readonly text: string;
}

/**
 * The connections that the workspace's folders share by `.vscode/sluice.json`. Read only when the workspace is trusted, and
 * again whenever a file, the folders or the trust change. What is wrong in a file is shown at its place.
 */
export class WorkspaceConnections implements ConnectionSource, Disposable {
  readonly #options: WorkspaceConnectionsOptions;
  readonly #listeners: Disposable[] = [];
  #watchers: readonly Disposable[] = [];
  #files: readonly SharedFile[] = [];
  #unread: readonly Uri[] = [];
  #reading = 0;

  constructor(options: WorkspaceConnectionsOptions) {
    this.#options = options;
    this.#listeners.push(
      workspace.onDidChangeWorkspaceFolders(() => this.#begin()),
      workspace.onDidGrantWorkspaceTrust(() => this.#begin()),
    );
    this.#begin();
  }

  /** The files that are there. */
  get files(): readonly SharedFile[] {
    return this.#files;
  }

  /** Those that are there, and not read since the workspace is not trusted. */
  get unread(): readonly Uri[] {
    return this.#unread;
  }

  get all(): readonly Connection[] {
    const hasSeveral = (workspace.workspaceFolders ?? []).length > 1;
    return this.files.flatMap(({ uri, connections }) =>
      connections.map(({ password: _password, place: _place, ...draft }) => ({
        ...draft,
        id: idOf(uri, draft.name),
        origin: "workspace" as const,
        folder: hasSeveral ? workspace.getWorkspaceFolder(uri)?.name : undefined,
      })),
    );
  }

  get onDidChange() {
    return this.#options.changes.event;
  }

  async credentialsOf(connection: Connection): Promise<Credentials | undefined> {
    const { id, login } = connection;
    if (login === undefined) return undefined;
    const password = this.declared(id)?.connection.password ?? (await this.#options.passwords.get(connection));
    if (password === undefined) throw new PasswordMissingError(login);
    return { login, password };
  }

  /** Where a connection is declared. */
  declared(id: string): { readonly file: SharedFile; readonly connection: FileConnection } | undefined {
    for (const file of this.files) {
      const connection = file.connections.find(({ name }) => idOf(file.uri, name) === id);
      if (connection !== undefined) return { file, connection };
    }
    return undefined;
  }

  dispose(): void {
    Disposable.from(...this.#listeners, ...this.#watchers).dispose();
  }

  #begin(): void {
    for (const watcher of this.#watchers) watcher.dispose();
    const folders = workspace.workspaceFolders ?? [];
    this.#watchers = folders.map((folder) => this.#watch(folder, folders));
    void this.#read(folders);
  }

  #watch(folder: WorkspaceFolder, folders: readonly WorkspaceFolder[]): Disposable {
    // A folder that comes with the file in it, as by a checkout, is told of alone.
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, "{.vscode,.vscode/sluice.json}"));
    const read = (): void => void this.#read(folders, true);
    watcher.onDidChange(read);
    watcher.onDidCreate(read);
    watcher.onDidDelete(read);
    return watcher;
  }

  async #read(folders: readonly WorkspaceFolder[], isToldOfFile = false): Promise<void> {
    const reading = ++this.#reading;
    const uris = folders.map(sharedFileOf);
    const { isTrusted } = workspace;
    const files = await Promise.all(isTrusted ? uris.map(readSharedFile) : []);
    const unread = await Promise.all(isTrusted ? [] : uris.map(existing));
    // One that was begun later knows better.
    if (reading !== this.#reading) return;
    const found = files.filter((file) => file !== undefined);
    // One write is told several times. Who is told of a change that is none draws rows anew that are being clicked.
    if (isToldOfFile && found.length > 0 && textsOf(found) === textsOf(this.#files)) return;
    this.#files = found;
    this.#unread = unread.filter((uri) => uri !== undefined);
    this.#options.diagnostics.clear();
    for (const { uri, text, problems } of this.#files) {
      this.#options.diagnostics.set(uri, documentDiagnostics(text, problems));
    }
    this.#options.changes.fire();
  }
}

const textsOf = (files: readonly SharedFile[]) => JSON.stringify(files.map(({ uri, text }) => [uri.toString(), text]));

/** Undefined where there is no such file. */
async function readSharedFile(uri: Uri): Promise<SharedFile | undefined> {
  try {
    const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
    return { uri, text, ...parseConnectionFile(text) };
  } catch {
    return undefined;
  }
}

/** Undefined where there is none. */
async function existing(uri: Uri): Promise<Uri | undefined> {
  try {
    await workspace.fs.stat(uri);
    return uri;
  } catch {
    return undefined;
  }
}

/** The same as long as file and name are. */
const idOf = (uri: Uri, name: string): string => `${uri.toString()}#${name}`;
