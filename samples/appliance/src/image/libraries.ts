/** Paths of the shared libraries in what `ldd` prints, the loader among them. @throws Error where one is missing. */
export function librariesIn(ldd: string): readonly string[] {
  const missing = /^\s*(\S+) => not found/m.exec(ldd)?.[1];
  if (missing !== undefined)
    throw new Error(`The library ${missing} is missing: Node does not run here, nor in an image.`);
  return [...ldd.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? []);
}
