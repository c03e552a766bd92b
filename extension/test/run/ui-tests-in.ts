/** A call that makes a UI test, with its name where that is written out. */
const UI_TEST = /\buiTest\(\s*(?:("(?:[^"\\]|\\.)*")|(?=[^\s"]))/g;

/**
 * Whether a file has a UI test that the expression matches, as far as its text says; true where that leaves it open. To start a file
 * only to find out takes seconds.
 */
export function mayHaveUiTest(text: string, only: string): boolean {
  // The runner takes these as expressions with flags.
  if (only === "" || only.startsWith("/")) return true;
  const expression = new RegExp(only);
  return [...text.matchAll(UI_TEST)].some(
    ([, name]) => name === undefined || expression.test(JSON.parse(name) as string),
  );
}
