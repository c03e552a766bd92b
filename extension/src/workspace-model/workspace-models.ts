import {
  Disposable,
  EventEmitter,
  type Event,
  FileType,
  RelativePattern,
  type TextDocument,
  Uri,
  workspace,
  type WorkspaceFolder,
} from "vscode";
import type { WorkspaceModel } from "./declarations.ts";
import { isManifest, SourceIndex } from "./source-index.ts";
import type { SourceFile } from "./source-file.ts";
import type { SourceReader } from "./source-reader.ts";

/** What the sources of this workspace declare, followed as they are edited. Nothing is read before it is asked for. */
export interface WorkspaceModels extends Disposable {
  /** As it is now: what has changed is read first. */
  read(): Promise<WorkspaceModel>;
  /** As it was read last; undefined where nobody has asked yet. */
  readonly last: WorkspaceModel | undefined;
  /** Another model was read, once somebody has asked for one: something was typed, saved, added or removed. */
  readonly onDidChange: Event<WorkspaceModel>;
}

/** Without braces in braces, which not every search understands. */
const SOURCES = "**/{package.json,tsconfig.json,jsconfig.json,*.ts,*.tsx,*.mts,*.cts,*.js,*.jsx,*.mjs,*.cjs}";
/** What is compiled, comes from others, or only tests. */
const FOLDERS = ["node_modules", "dist", "build", "out", "coverage", "test", "tests", "__tests__", "fixtures", ".*"];
const OTHERS = `{${[...FOLDERS.map((folder) => `**/${folder}/**`), "**/*.d.ts", "**/*.d.mts", "**/*.d.cts", "**/*.test.*", "**/*.spec.*"].join()}}`;
const OTHER_FOLDER = /^(?:node_modules|dist|build|out|coverage|tests?|__tests__|fixtures|\..*)$/;
const OTHER_FILE = /\.d\.[cm]?ts$|\.(?:test|spec)\.\w+$/;
const SOURCE = /^(?:package|tsconfig|jsconfig)\.json$|\.[cm]?[jt]sx?$/;
/** Bundles, not sources. */
const LARGEST = 1_000_000;
const AT_ONCE = 32;
/** Parsed in one go. */
const AT_A_TIME_MS = 30;
/** After the last key. */
const TYPING_MS = 150;
/** Of a virtual workspace. */
const MOST_FOLDERS = 2_000;
/** Files that are needed by files that are needed, …: none goes on like this. */
const ROUNDS = 20;

export function workspaceModels(): WorkspaceModels {
  const index = new SourceIndex();
  const changed = new EventEmitter<WorkspaceModel>();
  /** Of files that matter: what they hold, as far as it was read. */
  const texts = new Map<string, string>();
  /** Files that something is looked for in, though they neither name the transport nor import it. */
  const wanted = new Set<string>();
  const stale = new Set<string>();
  let isListed = false;
  let reader: SourceReader | undefined;
  let last: WorkspaceModel | undefined;
  let reading: Promise<WorkspaceModel> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let following: Disposable | undefined;
  let isDisposed = false;

  async function textOf(uri: Uri): Promise<string | undefined> {
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open !== undefined) return open.getText();
    try {
      const bytes = await workspace.fs.readFile(uri);
      return bytes.length > LARGEST ? undefined : new TextDecoder().decode(bytes);
    } catch {
      return undefined; // Removed meanwhile, or not to be read: as if it were not there.
    }
  }

  async function look(uris: readonly string[]): Promise<void> {
    const waiting = [...uris];
    const lookAtOne = async (): Promise<void> => {
      for (let uri = waiting.pop(); uri !== undefined; uri = waiting.pop()) {
        stale.delete(uri);
        const text = await textOf(Uri.parse(uri, true));
        if (text === undefined) {
          index.delete(uri);
          texts.delete(uri);
        } else {
          index.set(uri, text);
          // What matters is read again below; the rest need not be kept.
          if (texts.has(uri) || isManifest(uri)) texts.set(uri, text);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lookAtOne));
  }

  async function readAll(): Promise<WorkspaceModel> {
    if (!isListed) {
      isListed = true;
      index.clear();
      texts.clear();
      for (const folder of workspace.workspaceFolders ?? [])
        for (const uri of await listed(folder)) stale.add(uri.toString());
    }
    const { SourceReader } = await import("./source-reader.ts");
    reader ??= new SourceReader();
    let model: WorkspaceModel | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      await look([...stale]);
      const needed = [...index.relevant(), ...wanted].filter((uri) => index.has(uri));
      await Promise.all(
        needed.map(async (uri) => {
          if (texts.has(uri)) return;
          const text = await textOf(Uri.parse(uri, true));
          if (text !== undefined) texts.set(uri, text);
        }),
      );
      const files = [...new Set(needed)].toSorted().flatMap((uri) => {
        const text = texts.get(uri);
        return text === undefined ? [] : [{ uri, text }];
      });
      await prepared(files, reader);
      model = reader.read(files, index.modules());
      const more = [...reader.wanted].filter((uri) => index.has(uri) && !wanted.has(uri));
      if (more.length === 0 && stale.size === 0) break;
      for (const uri of more) wanted.add(uri);
    }
    return model ?? reader.read([]);
  }

  function read(): Promise<WorkspaceModel> {
    clearTimeout(timer);
    following ??= follow();
    const before = reading ?? Promise.resolve();
    const own = before.then(readAll, readAll).then((model) => {
      const isNew = model !== last;
      last = model;
      if (isNew && !isDisposed) changed.fire(model);
      return model;
    });
    reading = own;
    return own;
  }

  function touch(uri: Uri): void {
    if (!isSource(uri)) return;
    stale.add(uri.toString());
    schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void read().catch(() => {}), TYPING_MS);
  }

  /** A folder that comes, as by a checkout or a new name, is told of alone, without the files in it. */
  async function touchFolder(uri: Uri): Promise<void> {
    if (!mayHoldSources(uri)) return;
    try {
      const { type } = await workspace.fs.stat(uri);
      if ((type & FileType.Directory) === 0) return;
      for (const file of await listed({ uri })) stale.add(file.toString());
      schedule();
    } catch {
      // Gone again.
    }
  }

  /** So is one that goes. */
  function forgetFolder(uri: Uri): void {
    const files = index.within(uri.toString());
    for (const file of files) stale.add(file);
    if (files.length > 0) schedule();
  }

  const touchDocument = ({ uri }: TextDocument): void => touch(uri);

  /** From the first question on: what is typed, saved, added and removed. */
  function follow(): Disposable {
    const watcher = workspace.createFileSystemWatcher(SOURCES);
    const folders = workspace.createFileSystemWatcher("**/*", false, true);
    return Disposable.from(
      watcher,
      folders,
      folders.onDidCreate(touchFolder),
      folders.onDidDelete(forgetFolder),
      watcher.onDidCreate(touch),
      watcher.onDidChange(touch),
      watcher.onDidDelete(touch),
      workspace.onDidChangeTextDocument(({ document }) => touchDocument(document)),
      // What was typed and not saved is gone.
      workspace.onDidCloseTextDocument(touchDocument),
      workspace.onDidChangeWorkspaceFolders(() => {
        isListed = false;
        schedule();
      }),
    );
  }

  return {
    read,
    get last() {
      return last;
    },
    onDidChange: changed.event,
    dispose() {
      isDisposed = true;
      clearTimeout(timer);
      following?.dispose();
      changed.dispose();
    },
  };
}

/** Parses what has changed, and lets others have their turn now and then. */
async function prepared(files: readonly SourceFile[], reader: SourceReader): Promise<void> {
  let begun = Date.now();
  for (const file of files) {
    reader.prepare(file);
    if (Date.now() - begun < AT_A_TIME_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    begun = Date.now();
  }
}

/** Whether a file may declare something: by its name, and by where it lies in its workspace folder. */
function isSource(uri: Uri): boolean {
  const { folders, name } = partsOf(uri);
  return SOURCE.test(name) && !OTHER_FILE.test(name) && isLookedInto(folders);
}

/** Whether something that is no source itself may be a folder of sources. */
function mayHoldSources(uri: Uri): boolean {
  const { folders, name } = partsOf(uri);
  return name !== "" && !SOURCE.test(name) && isLookedInto([...folders, name]);
}

const isLookedInto = (folders: readonly string[]): boolean => !folders.some((part) => OTHER_FOLDER.test(part));

/** Names below its workspace folder; none for what lies in no such folder. */
function partsOf(uri: Uri): { readonly folders: readonly string[]; readonly name: string } {
  const folder = workspace.getWorkspaceFolder(uri);
  const folders = folder === undefined ? [] : uri.path.slice(folder.uri.path.length).split("/");
  return { name: folders.pop() ?? "", folders };
}

async function listed({ uri }: Pick<WorkspaceFolder, "uri">): Promise<readonly Uri[]> {
  const isSearched = uri.scheme === "file" || uri.scheme === "vscode-remote";
  const found = await (isSearched ? workspace.findFiles(new RelativePattern(uri, SOURCES), OTHERS) : walked(uri));
  return found.filter(isSource);
}

/** The files of a virtual folder: not all of these can be searched, and a search where nothing does never ends. */
async function walked(folder: Uri): Promise<readonly Uri[]> {
  const files: Uri[] = [];
  const folders = [folder];
  for (let looked = 0; looked < MOST_FOLDERS; looked++) {
    const next = folders.shift();
    if (next === undefined) break;
    const entries = await Promise.resolve(workspace.fs.readDirectory(next)).catch(() => []);
    for (const [name, type] of entries) {
      if (type === FileType.Directory) {
        if (!OTHER_FOLDER.test(name)) folders.push(Uri.joinPath(next, name));
      } else if (SOURCE.test(name)) files.push(Uri.joinPath(next, name));
    }
  }
  return files;
}
