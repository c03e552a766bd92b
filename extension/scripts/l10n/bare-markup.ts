import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";

export interface BareMarkup {
  /** Texts that stand in the markup itself. */
  readonly texts: readonly string[];
  /** Those of the places for values whose value is shown, from 0. */
  readonly shown: ReadonlySet<number>;
}

/** Attributes that are read out or shown; `label` and `placeholder` those of VS Code's elements, too. */
const SHOWN_ATTRIBUTES =
  /^(?:title|alt|label|placeholder|aria-(?:label|description|placeholder|roledescription|valuetext))$/;
/** No markup has it. */
const PLACE = /\u{E000}(\d+)\u{E001}/gu;

/** What users see of a template of HTML. @param quasis its pieces between the places for values */
export function bareMarkup(quasis: readonly string[]): BareMarkup {
  const html = quasis.map((piece, index) => (index === 0 ? piece : `\u{E000}${index - 1}\u{E001}${piece}`)).join("");
  const texts: string[] = [];
  const shown = new Set<number>();
  const look = (text: string): void => {
    for (const [, index] of text.matchAll(PLACE)) shown.add(Number(index));
    const own = text.replaceAll(PLACE, " ").trim();
    if (/\p{L}/u.test(own)) texts.push(own);
  };
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("value" in node) look(node.value);
    for (const { name, value } of "attrs" in node ? node.attrs : []) if (SHOWN_ATTRIBUTES.test(name)) look(value);
    for (const child of "childNodes" in node ? node.childNodes : []) visit(child);
  };
  visit(parseFragment(html));
  return { texts, shown };
}
