import { TOMBSTONE_REVISION } from "../../log/record.ts";
import type { Connection } from "../../client/connection.ts";
import { type ReadRecord, readLog } from "./log-reading.ts";
import { ForeignTargetError } from "./transfer-errors.ts";
import type { EventLine, TombstoneLine } from "./transfer-file.ts";

/** Streams of clients and projections; the server's own come and go as it likes. */
const ORDINARY = { regex: "^[^$]" };

export const isOrdinary = (line: EventLine | TombstoneLine): boolean =>
  !("tombstone" in line ? line.tombstone : line.stream).startsWith("$");

/**
 * What the target holds, beside the lines of the file. Everything is written in the order of the file, by one call: so what is
 * there must be its beginning, whenever an import was interrupted.
 */
export class TargetLog {
  readonly #records: AsyncGenerator<ReadRecord>;

  constructor(connection: Connection) {
    this.#records = readLog(connection, { streams: ORDINARY });
  }

  /**
   * The record that an ordinary line became; undefined once the target holds no more.
   * @throws ForeignTargetError
   */
  async match(line: EventLine | TombstoneLine): Promise<ReadRecord | undefined> {
    const record = await this.next();
    if (record === undefined) return undefined;
    const isSame =
      "tombstone" in line
        ? record.stream === line.tombstone && record.revision === TOMBSTONE_REVISION
        : record.stream === line.stream && record.revision === line.revision && record.id === line.id;
    if (!isSame) throw new ForeignTargetError(`event ${record.revision} of stream ${record.stream}`);
    return record;
  }

  async next(): Promise<ReadRecord | undefined> {
    const { value } = await this.#records.next();
    return value as ReadRecord | undefined;
  }

  async close(): Promise<void> {
    await this.#records.return(undefined);
  }
}
