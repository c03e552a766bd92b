import type { Headers } from "../../seam/index.ts";

/** What is said of one message besides its data. */
export interface SluiceRecordOptions {
  /** Seen by the receiver through `SluiceContext.getHeaders()`. Names that begin with `$` or `sluice.` are the transport's own. */
  readonly headers?: Headers;
  /** The component that it goes to. Default: a request goes where the client's go, an event to all that handle its pattern. */
  readonly destination?: string;
  /** The receiver drops it when it gets to it later than this. */
  readonly discardAfter?: Date;
}

/**
 * Data with what is said of this one message, to be given to `send` and `emit`.
 *
 * ```ts
 * client.emit("orders.placed", new SluiceRecord(order, { headers: { tenant: "north" } }));
 * ```
 */
export class SluiceRecord<Data = unknown> {
  readonly data: Data;
  readonly options: SluiceRecordOptions;

  constructor(data: Data, options: SluiceRecordOptions = {}) {
    this.data = data;
    this.options = options;
  }
}
