import { createHash } from "node:crypto";
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { FileNotWrittenError } from "./transfer-errors.ts";
import type { FileEnd, FileHeader, FileLine } from "./transfer-file.ts";

export const isGzipped = (file: string): boolean => file.endsWith(".gz");

/** Streams that only some may read are in the file, too. */
const ITS_OWNERS_ALONE = 0o600;

/** Writes an export, under another name until it is whole. */
export class FileWriter {
  readonly #file: string;
  readonly #partial: string;
  readonly #out: Writable;
  readonly #written: Promise<void>;
  readonly #hash = createHash("sha256");
  #error: unknown;

  constructor(file: string) {
    this.#file = file;
    this.#partial = `${file}.partial`;
    const target = createWriteStream(this.#partial, { mode: ITS_OWNERS_ALONE, flush: true });
    const gzip = isGzipped(file) ? createGzip() : undefined;
    gzip?.pipe(target);
    // What is wrong is told by the file.
    gzip?.on("error", () => {});
    target.on("error", (error) => gzip?.destroy(error));
    this.#out = gzip ?? target;
    this.#written = finished(target).catch((cause: unknown) => {
      throw new FileNotWrittenError(file, cause);
    });
    this.#written.catch((error: unknown) => {
      this.#error = error;
    });
  }

  /** @throws FileNotWrittenError */
  async write(line: FileHeader | FileLine): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    this.#hash.update(text);
    await this.#put(text);
  }

  /**
   * Writes the last line; then the file is there under its name.
   * @throws FileNotWrittenError
   */
  async end(end: Omit<FileEnd, "sha256">): Promise<void> {
    await this.#put(`${JSON.stringify({ ...end, sha256: this.#hash.digest("hex") } satisfies FileEnd)}\n`);
    this.#out.end();
    await this.#written;
    renameSync(this.#partial, this.#file);
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.#out.destroy();
    rmSync(this.#partial, { force: true });
  }

  async #put(text: string): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    if (this.#out.write(text)) return;
    await Promise.race([once(this.#out, "drain").catch(() => this.#written), this.#written]);
  }
}
