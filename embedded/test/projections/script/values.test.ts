import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { project, thing } from "./projection.ts";

const recorded = join(import.meta.dirname, "../../../../../shared/spec/script-values.json");
const file = process.env["SLUICE_SCRIPT_VALUES"] ?? recorded;

interface Value {
  readonly expression: string;
  /** `typeof v + " " + String(v)`, or `throws Name: message`. */
  readonly value: string;
}

/** What differs on purpose: the table of differences in `docs/server.md` says so. */
const DIFFERENT: ReadonlyMap<string, string> = new Map([["5e-324", "number 5e-324"]]);

/** What a script makes of each expression. */
async function valuesOf(expressions: readonly string[]): Promise<readonly string[]> {
  const functions = expressions.map((expression) => `function () { return (${expression}); }`).join(",\n");
  const one = await project(`fromAll().when({
    $init: function () { return {}; },
    T: function (s) {
      s.values = [${functions}].map(function (made) {
        try { var v = made(); return typeof v + " " + String(v); }
        catch (e) { return "throws " + e.name + ": " + e.message; }
      });
    }
  })`);
  const state = JSON.parse(one.handle(thing("T")).last?.state ?? "{}") as { readonly values?: readonly string[] };
  one.handler.dispose();
  return state.values ?? [];
}

describe("values – as the server's engine gives them", () => {
  it("values – those recorded of a real server, where they are at hand", { skip: !existsSync(file) }, async () => {
    const { values } = JSON.parse(readFileSync(file, "utf8")) as { readonly values: readonly Value[] };
    const given = await valuesOf(values.map(({ expression }) => expression));
    for (const [i, { expression, value }] of values.entries()) {
      assert.equal(given[i], DIFFERENT.get(expression) ?? value, expression);
    }
  });

  for (const [expression, value] of [
    ["new Date(Date.UTC(2020, 0, 5, 3, 4, 5)).toLocaleString()", "string Sunday, 05 January 2020 03:04:05"],
    ["new Date(NaN).toLocaleDateString()", "string Invalid Date"],
    ["new Date(0).toTimeString()", "string 00:00:00 GMT+0000 (Coordinated Universal Time)"],
    ["new Date(new Date(0)).getTime()", "number 0"],
    ["new Date('25/12/2020 10:00').toISOString()", "string 2020-12-25T10:00:00.000Z"],
    [
      "Date.length + Date.name + (new Date(0) instanceof Date) + (Date.prototype.constructor === Date)",
      "string 7Datetruetrue",
    ],
    ["typeof Date()", "string string"],
    ["new (class extends Date {})(5).getTime()", "number 5"],
    ["(1234.5).toLocaleString()", "string 1,234.50"],
    ["(0).toLocaleString() + (-1234567).toLocaleString() + NaN.toLocaleString()", "string 0-1,234,567.00NaN"],
    [
      "[10 ** -5, 1.1 ** 4, 7 ** -2, (-2) ** -3].join()",
      "string 0.00001,1.4641000000000004,0.02040816326530612,-0.125",
    ],
    ["[Math.pow(10, -11), Math.pow(10, 23), Math.pow('3', 2)].join()", "string 1e-11,1e+23,9"],
    ["[2 ** 3 ** 2, (2 /* ** */) ** 3, (1 + 1) ** (-1 - 1), 2n ** 3n, '2' ** 2].join()", "string 512,8,0.25,8,4"],
    ["(() => { let x = 10; x **= -5; const o = { y: 2 }; o.y **= 3; return [x, o.y].join() })()", "string 0.00001,8"],
    [
      "[0 ** -1, (-0) ** -1, NaN ** 0, 2 ** 1024, 2 ** -1075, 2 ** 0.5].join()",
      "string Infinity,-Infinity,1,Infinity,0,1.4142135623730951",
    ],
    ["(() => { try { return 1n ** 2 } catch (e) { return e.name } })()", "string TypeError"],
    [
      "JSON.stringify([{ ...'ab' }, { ...(0, 'c'), .../* text */ `${1}2` }, { ...{ ...'d' }, ...null, ...5, ...[6] }])",
      'string [{"0":"a","1":"b"},{"0":"1","1":"2"},{"0":6}]',
    ],
    ["(() => { const { ...rest } = 'ab'; return Object.keys({ ...rest, ...'ab' ** 2 }).join() })()", "string 0,1"],
    ["(1e21).toLocaleString()", "string 1,000,000,000,000,000,000,000.00"],
    ["[0.125, 0.375, -0.625].map((n) => n.toLocaleString()).join()", "string 0.12,0.38,-0.62"],
    ["[0.125, 0.375, -1.25, 2.5].map((n, i) => n.toFixed([2, 2, 1, 0][i])).join()", "string 0.12,0.38,-1.2,3"],
    ["(0.1).toString(2)", "string 0.00011001100110011001100110011001100110011001100110"],
    ["(-1.45).toString(36) + ' ' + (0.5).toString(3).length", "string -1.g7777777774lodlbh5fwxko6r 52"],
    ["(1e16).toString(3) + ' ' + (-255).toString(16)", "string 1210120101001122220202120220112101 -ff"],
    ["Number.MAX_VALUE.toString() + (-Number.MAX_VALUE).toLocaleString()", "string Infinity-Infinity"],
    ["Number.prototype.toString.length + NaN.toString(2) + (-Infinity).toString(36)", "string 1NaN-Infinity"],
    ["(1).toString(37)", "throws RangeError: radix must be between 2 and 36"],
    ["'ıſ ᾳ ᾀ'.toUpperCase()", "string ıſ ᾼ ᾈ"],
    ["'straße ΑΣ'.toUpperCase() + 'ΑΣ'.toLowerCase()", "string STRAßE ΑΣασ"],
    ["'a'.localeCompare('ab') + ' ' + 'é'.localeCompare('é')", "string -1 0"],
    ["escape('%20 a')", "string %2520 a"],
    ["Object.keys(Object.groupBy([1, 2], (n) => n % 2)).join() + Map.groupBy([1], (n) => n).size", "string 0,11"],
  ] as const) {
    it(`values – ${expression}`, async () => assert.deepEqual(await valuesOf([expression]), [value]));
  }

  it("values – texts that are dates without a year, or without a day", async () => {
    const dates: Readonly<Record<string, string>> = {
      "June 5": "year, 5, 5",
      "jun. 05": "year, 5, 5",
      "JUNE-5": "year, 5, 5",
      "5/24": "year, 4, 24",
      "12-31": "year, 11, 31",
      "5 June": "2005, 5, 1",
      "31-Jun": "2031, 5, 1",
      "99 June": "1999, 5, 1",
      "2016-May-24": "2016, 4, 24",
      "2016/June": "2016, 5, 1",
      "2016 24 May": "2016, 4, 24",
      "10:20": "year, month, day, 10, 20",
      "10:20:30.5Z": "year, month, day, 10, 20, 30, 500",
      "10:20 PM +02:00": "year, month, day, 20, 20",
      "10 pm": "year, month, day, 22",
    };
    const now =
      "const now = new Date(), year = now.getUTCFullYear(), month = now.getUTCMonth(), day = now.getUTCDate();";
    const none = ["June 31", "June 0", "June 50", "2/30", "24/5", "25:00", "10:60"];
    const expressions = [
      ...Object.entries(dates).map(
        ([text, at]) => `(() => { ${now} return Date.parse(${JSON.stringify(text)}) - Date.UTC(${at}) })()`,
      ),
      ...none.map((text) => `Date.parse(${JSON.stringify(text)}) + 0`),
    ];
    const given = await valuesOf(expressions);
    for (const [i, expression] of expressions.entries()) {
      assert.equal(given[i], i < Object.keys(dates).length ? "number 0" : "number NaN", expression);
    }
  });

  it("values – texts that are dates, and texts that only look like it", async () => {
    const dates = {
      "2016-05-24T9:38:27": 1464082707000,
      "24-May-16": 1464048000000,
      "2016-05-24T09:38:27+02": 1464075507000,
      "2016-05-24T09:38:27 +2:00": 1464075507000,
      "2016-05-24T09:38:27.": 1464082707000,
      "2016-05-24 09:38:27 pm GMT": 1464125907000,
      "2016-05-24T12:00:00 (noon)": 1464091200000,
      "2003-1-2T3:4:5": 1041476645000,
      "May 24, 2016 10PM": 1464127200000,
      "1969-12-31T23:59:59.9995Z": -1,
      " 1970-01-01T00:00:00.000Z ": 0,
    };
    const noDates = [
      ..."0 5 99 12345 20160524 2016-145 2015-02-29 2016-02-30 31/04/2016 2100-02-29 10000-01-01 -2016-05-24".split(
        " ",
      ),
      ..."2016-05-24T09:38:27+15:00 2016-05-24T09:38:27GMT 2016-05-24T09:60:00Z 2016-00-10".split(" "),
      ...["Foo 5 2016", "Feb 30, 2016", "31 Apr 2016", "(May) 2016-05-24", "2016-05 10:20", "May 2016 10:20"],
    ];
    const expressions = [...Object.keys(dates), ...noDates].map((text) => `Date.parse(${JSON.stringify(text)})`);
    const expected = [...Object.values(dates).map((value) => `number ${value}`), ...noDates.map(() => "number NaN")];
    const given = await valuesOf(expressions);
    for (const [i, expression] of expressions.entries()) assert.equal(given[i], expected[i], expression);
  });
});
