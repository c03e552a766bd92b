/** Whether the whole text is JSON; what was written as JSON need not be. */
export function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
