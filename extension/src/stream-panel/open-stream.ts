/** The command that shows a stream, for trees, lenses and links alike. */
export const OPEN_STREAM_COMMAND = "sluice.stream.open";

/** What {@link OPEN_STREAM_COMMAND} is called with. */
export interface OpenStream {
  readonly connectionId: string;
  /** The stream's name; `$all` is the log of all streams. */
  readonly stream: string;
  /** The revision to show; the newest events without it. */
  readonly revision?: string;
  /** In the one tab that the next look takes over, without taking the focus. Default: in a tab that stays, with the focus. */
  readonly isPreview?: boolean;
  /** It is shown in another column than what is looked at. Default: where its tab is, or else in the place of that. */
  readonly isBeside?: boolean;
}
