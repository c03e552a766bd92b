/**
 * The beginning of the metadata that a projection gives to what it writes (spec 3.5): who wrote it, and what of its sources it
 * had handled. Rewritten as text, since what a script adds behind it need not even be JSON.
 */
export interface StampText {
  readonly projection: number;
  /** Place in the log that the stamp names. */
  readonly position: number | undefined;
}

const REVISIONS = String.raw`\{(?:"(?:[^"\\]|\\.)*":-?\d+,?)*\}`;
const STAMP = new RegExp(
  String.raw`^\{"\$v":"(\d+)(:-?\d+:-?\d+(?::\d+)?)"((?:,"\$ph":\d+)?)(?:,"\$c":(-?\d+),"\$p":(-?\d+))?(?:,"\$s":(${REVISIONS}))?`,
);

/** Undefined for metadata that no projection wrote. */
export function readStampText(metadata: string): StampText | undefined {
  const match = STAMP.exec(metadata);
  if (match === null) return undefined;
  return { projection: Number(match[1]), position: match[4] === undefined ? undefined : Number(match[4]) };
}

export interface StampChanges {
  readonly projection?: (id: number) => number;
  readonly position?: (position: number) => number;
  readonly revision?: (source: string, revision: number, isOfType: boolean) => number;
}

/** The metadata with the stamp changed, the rest byte for byte. */
export function withStamp(metadata: string, changes: StampChanges): string {
  const { projection = same, position = same, revision = (_, number) => number } = changes;
  return metadata.replace(STAMP, (_, id, version, phase, commit, prepare, sources) => {
    const place = commit === undefined ? "" : `,"$c":${position(Number(commit))},"$p":${position(Number(prepare))}`;
    return `{"$v":"${projection(Number(id))}${version}"${phase}${place}${
      sources === undefined ? "" : `,"$s":${withRevisions(String(sources), revision, commit !== undefined)}`
    }`;
  });
}

const same = (number: number): number => number;

function withRevisions(text: string, map: NonNullable<StampChanges["revision"]>, areTypes: boolean): string {
  return text.replaceAll(/("(?:[^"\\]|\\.)*"):(-?\d+)/g, (_, name: string, revision: string) => {
    const number = Number(revision);
    return `${name}:${number < 0 ? number : map(JSON.parse(name) as string, number, areTypes)}`;
  });
}
