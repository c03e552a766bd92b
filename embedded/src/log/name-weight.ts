const USUAL_LENGTH = 256;

/** What a name counts for where a number of them is kept in memory: 1 for a usual one, so that long ones fill no more of it. */
export function weightOfName(name: string): number {
  return 1 + Math.floor(name.length / USUAL_LENGTH);
}
