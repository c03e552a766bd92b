/** A test whose name carries numbers of the list. */
export interface NumberedTest {
  readonly name: string;
  /** From the repository's root. */
  readonly file: string;
  readonly numbers: readonly number[];
}

/** `test("…")`, wherever the formatter has put the name. */
const TEST = /\btest\(\s*(?:"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`|'((?:\\.|[^'\\])*)')/g;
/** A number or a range where a sentence begins: after the area, a comma or a semicolon. `25.00` is none. */
const NUMBERS = /(?:–|[;,]) (\d{1,2})\.(?:–(\d{1,2})\.)? /g;

/** The numbers that a test's name carries: `receiving – 3.–6. …; 24. …` has 3, 4, 5, 6 and 24. */
export function numbersIn(name: string): readonly number[] {
  if (!/^[^–]+ – \d{1,2}\./.test(name)) return [];
  return [...name.matchAll(NUMBERS)].flatMap(([, first, last]) => {
    const from = Number(first);
    return Array.from({ length: Number(last ?? from) - from + 1 }, (_, index) => from + index);
  });
}

/** The numbered tests of a source file. */
export function numberedTests(source: string, file: string): readonly NumberedTest[] {
  return [...source.matchAll(TEST)]
    .map(([, double, template, single]) => (double ?? template ?? single ?? "").replaceAll(/\\(.)/g, "$1"))
    .map((name) => ({ name, file, numbers: numbersIn(name) }))
    .filter(({ numbers }) => numbers.length > 0);
}
