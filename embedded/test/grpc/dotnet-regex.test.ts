import assert from "node:assert/strict";
import { test } from "node:test";
import { dotnetRegex } from "../../src/grpc/dotnet-regex.ts";

const found = (regex: string, text: string): boolean => dotnetRegex(regex).test(text);

for (const [regex, text, expected] of [
  ["^[^$].*", "OrderPlaced", true],
  ["^[^$].*", "$metadata", false],
  ["der", "orders-1", true],
  ["^order-\\d+$", "order-17", true],
  ["^order-\\d+$", "order-17\n", true], // .NET's $ is also in front of a last line feed
  ["^order-\\d+\\z", "order-17\n", false],
  ["\\Aorder", "xorder", false],
  ["^\\w+$", "čeština", true], // corrections 1.9
  ["^\\W$", "é", false],
  ["^[\\w-]+$", "a-é", true],
  ["^\\d$", "٣", true],
  ["(?i)^APPLE", "apple-1", true],
  ["^APPLE", "apple-1", false],
  ["(?im)^b$", "a\nB\nc", true],
  ["(?s)a.b", "a\nb", true],
  ["a.b", "a\nb", false],
  ["a.b", "a\rb", true], // JavaScript's dot stops at \r
  ["(?x) a b # the rest", "ab", true],
  ["^a\\-bc\\ d$", "a-bc d", true],
  ["^{x}$", "{x}", true],
  ["^a{2,3}$", "aaa", true],
  ["^a{,3}$", "a{,3}", true],
  ["^]$", "]", true],
  ["^[]a]+$", "]a", true],
  ["^[^]a]$", "]", false],
  ["^[\\]\\-a[]+$", "]-a[", true],
  ["(?<year>\\d{4})-\\k<year>", "2020-2020", true],
  ["(?'y'a)b", "ab", true],
  ["(a)\\1", "aa", true],
  ["(?#remark)ab", "ab", true],
  ["\\bé\\b", "x é y", true],
  ["\\bé\\b", "xéy", false],
  ["\\Bé\\B", "xéy", true],
  ["^\\p{Lu}+$", "ÉA", true],
  ["^\\x41\\u0042\\t$", "AB\t", true],
  ["foo(?=bar)", "foobar", true],
  ["(?<!foo)bar", "foobar", false],
  ["^(banana|pineapple)-1$", "pineapple-1", true],
  ["^🐎$", "🐎", true],
] as const) {
  test(`filter regex – ${JSON.stringify(regex)} ${expected ? "finds" : "does not find"} ${JSON.stringify(text)}`, () => {
    assert.equal(found(regex, text), expected);
  });
}

for (const regex of [
  "(",
  "[a",
  "a\\",
  "(?>a)",
  "[a-z-[aeiou]]",
  "*a",
  "\\p{IsGreek}",
  "(?(1)a|b)",
  "\\q",
  "\\_",
  "[\\W]",
]) {
  test(`filter regex – ${JSON.stringify(regex)} is refused`, () => {
    assert.throws(() => dotnetRegex(regex));
  });
}
