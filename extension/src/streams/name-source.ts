/** Names of streams as they are read, in the order of their source. From the log a name comes again and again. */
export interface NamePage {
  readonly names: readonly string[];
  /** Nothing more is there now. Reading on later tells what has been added. */
  readonly isEnd: boolean;
}

/** How far a source was searched: streams of a list, or a share of the log. */
export type Searched =
  | { readonly unit: "streams"; readonly done: number; readonly of: number }
  | { readonly unit: "share"; readonly done: number };

/** Where names of streams are read from, a page at a time; each call goes on where the one before has ended. */
export interface NameSource {
  readonly searched: Searched;
  /** @throws what the seam throws; then nothing was read, and the next call begins at the same place. */
  next(signal: AbortSignal): Promise<NamePage>;
}

/** Pages that one search reads before the user is asked whether it is to go on. */
export const PAGES_AT_ONCE = 40;
