import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { pipeline } from "node:stream";
import { isGzipped } from "./file-writer.ts";
import { FILE_VERSION, type FileEnd, type FileHeader, type FileLine } from "./transfer-file.ts";
import { TransferFileError } from "./transfer-errors.ts";

const LINE_FEED = 10;
const REMEDY = "Export again, or copy the whole file.";

/** An export that is whole. */
export class FileReader {
  readonly header: FileHeader;
  readonly end: FileEnd;
  readonly #file: string;

  private constructor(file: string, header: FileHeader, end: FileEnd) {
    this.#file = file;
    this.header = header;
    this.end = end;
  }

  /**
   * Reads the file once to its end, before anything is done with it.
   * @throws TransferFileError
   */
  static async open(file: string, onProgress: (lines: number) => void, signal: AbortSignal): Promise<FileReader> {
    const hash = createHash("sha256");
    let header: FileHeader | undefined;
    let last = "";
    let lines = 0;
    for await (const line of linesOf(file)) {
      signal.throwIfAborted();
      header ??= headerOf(file, line);
      if (lines > 0) hash.update(`${last}\n`);
      last = line;
      onProgress(++lines);
    }
    const end = header === undefined ? undefined : endOf(last);
    if (header === undefined || end === undefined) {
      throw new TransferFileError(file, header === undefined ? "it is empty" : "its end is missing", REMEDY);
    }
    if (end.sha256 !== hash.digest("hex")) throw new TransferFileError(file, "it has been changed or damaged", REMEDY);
    return new FileReader(file, header, end);
  }

  async *lines(): AsyncGenerator<FileLine> {
    let isFirst = true;
    for await (const line of linesOf(this.#file)) {
      if (isFirst) {
        isFirst = false;
        continue;
      }
      const value = JSON.parse(line) as FileLine | FileEnd;
      if ("end" in value) return;
      yield value;
    }
  }
}

/** Split at line feeds only: JSON texts may hold any other separator of lines. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const bytes = isGzipped(file) ? pipeline(source, createGunzip(), () => {}) : source;
  let begun: Buffer[] = [];
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
        yield Buffer.concat([...begun, chunk.subarray(from, at)]).toString("utf8");
        begun = [];
        from = at + 1;
      }
      begun.push(chunk.subarray(from));
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TransferFileError(file, `it cannot be read (${message})`, REMEDY, { cause });
  } finally {
    source.destroy();
  }
  const rest = Buffer.concat(begun);
  if (rest.length > 0) yield rest.toString("utf8");
}

function headerOf(file: string, line: string): FileHeader {
  const header = parsed(line) as Partial<FileHeader> | undefined;
  if (header?.format !== "sluice-export") {
    throw new TransferFileError(file, "it is none that was exported", "Give one that sluice-embedded export has made.");
  }
  if (header.version !== FILE_VERSION) {
    const remedy = "Import it with the program that exported it, or a later one.";
    throw new TransferFileError(
      file,
      `it has version ${header.version}, and this program reads ${FILE_VERSION}`,
      remedy,
    );
  }
  return header as FileHeader;
}

function endOf(line: string): FileEnd | undefined {
  const end = parsed(line) as Partial<FileEnd> | undefined;
  return end?.end === true ? (end as FileEnd) : undefined;
}

function parsed(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
