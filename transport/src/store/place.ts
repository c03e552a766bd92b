/** Where an event lies, as links have it. */
export interface Place {
  readonly stream: string;
  readonly revision: bigint;
}

/** The place that a link names, `<revision>@<stream>`; undefined for what is no link. Pure. */
export function placeIn(text: string): Place | undefined {
  const [, revision, stream] = /^(\d+)@(.+)$/s.exec(text) ?? [];
  return revision === undefined || stream === undefined ? undefined : { revision: BigInt(revision), stream };
}
