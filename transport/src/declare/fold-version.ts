import { createHash } from "node:crypto";

/**
 * Tells one fold from another: by the version that its author gives, and by the text of its functions, since a version is easily
 * forgotten. What such a function calls is not seen: that takes a new version.
 */
export function foldVersion(version: number, functions: readonly (readonly [name: string, fold: unknown])[]): string {
  const hash = createHash("sha256").update(String(version));
  for (const [name, fold] of functions) hash.update(`\0${name}\0${String(fold)}`);
  return hash.digest("base64url");
}
