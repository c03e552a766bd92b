/** The name that a key stands for; undefined where it has an escape that JSON does not know, as what was written as JSON may have. */
export function keyName(key: string): string | undefined {
  try {
    return String(JSON.parse(key));
  } catch {
    return undefined;
  }
}
