/** Bytes that are no message of the expected type: cut short, of a wrong wire type, or beyond a limit. */
export class MalformedMessageError extends Error {
  override readonly name = "MalformedMessageError";
  /** Offset into the buffer at which reading stopped. */
  readonly offset: number;

  constructor(problem: string, offset: number) {
    super(
      `The request is not a valid protobuf message: ${problem} at byte ${offset}. Check that client and server use the same protocol.`,
    );
    this.offset = offset;
  }
}
