/** Which life of which projection wrote something (spec 3.4). */
export interface ProjectionVersion {
  /** Number of the event in `$projections-$all` that registered it. */
  readonly id: number;
  /** Version at the last reset; -1 where there was none. What has an older version belongs to an earlier life. */
  readonly epoch: number;
  /** Counts the commands that changed the projection. */
  readonly version: number;
}

/** Version of the projection engine whose formats these are. */
export const ENGINE_VERSION = 4;

/** As `$v` holds it: `id:epoch:version:4`. */
export function formatVersion({ id, epoch, version }: ProjectionVersion): string {
  return `${id}:${epoch}:${version}:${ENGINE_VERSION}`;
}

/** Undefined for a text that is no version. */
export function parseVersion(text: string): ProjectionVersion | undefined {
  const [id, epoch, version, engine = "1", ...more] = text.split(":");
  const numbers = [id, epoch, version, engine].map((part) =>
    part !== undefined && /^-?\d+$/.test(part) ? +part : NaN,
  );
  if (more.length > 0 || numbers.some(Number.isNaN)) return undefined;
  const [idNumber = 0, epochNumber = 0, versionNumber = 0] = numbers;
  return { id: idNumber, epoch: epochNumber, version: versionNumber };
}
