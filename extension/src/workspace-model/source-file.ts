/** A source as it stands in an editor or in a file. Also `package.json` and `tsconfig.json`, which tell where modules are. */
export interface SourceFile {
  readonly uri: string;
  readonly text: string;
}

/** A stretch of a source: offsets of UTF-16 units, as VS Code's `positionAt` takes them. The end is excluded. */
export interface SourcePlace {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** Whether one stretch lies within another. */
export const isWithin = (inner: SourcePlace, outer: SourcePlace): boolean =>
  inner.uri === outer.uri && inner.start >= outer.start && inner.end <= outer.end;
