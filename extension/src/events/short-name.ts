/** What a tab can hold; names of streams may have a thousand characters. */
const MOST = 60;

/** The name on one line, cut in its middle: what tells streams apart stands at either end. */
export function shortName(name: string): string {
  const line = name.replaceAll(/\s+/g, " ");
  const characters = [...line];
  return characters.length <= MOST
    ? line
    : `${characters.slice(0, MOST / 2).join("")}…${characters.slice(1 - MOST / 2).join("")}`;
}
