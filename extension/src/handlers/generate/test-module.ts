import type * as t from "@babel/types";
import type { ParsedSource } from "../../workspace-model/parsed-source.ts";
import { bare, childrenOf, isFunction } from "../../workspace-model/syntax.ts";
import { type CodeStyle, quoted } from "../code-style.ts";
import { printExample } from "../inference/print-example.ts";
import type { Drafts } from "./drafts.ts";
import { stateOf } from "./event-sourced-module.ts";
import type { Sends } from "./handler-module.ts";
import { type KnownMessage, refer, referTo } from "./known-message.ts";
import { end, listLines } from "./layout.ts";
import type { ModuleDraft } from "./module-draft.ts";
import type { PackageFacts } from "./package-facts.ts";

/** A test that is being written. */
export interface TestDraft {
  readonly module: ModuleDraft;
  readonly facts: PackageFacts;
  readonly drafts: Drafts;
}

/** What was written, in the module that exports it. */
export interface Tested {
  readonly module: ModuleDraft;
  readonly name: string;
  readonly taken: KnownMessage;
}

/** Tests a function of a component or a process manager: the component is one of the test's own, so that nothing else of it runs. */
export async function testHandler(
  test: TestDraft,
  {
    module: written,
    name,
    taken,
    register,
    component,
    sends,
  }: Tested & {
    readonly register: "handle" | "receptor";
    readonly component: string;
    readonly sends: Sends | undefined;
  },
): Promise<void> {
  const { module, drafts } = test;
  const { style } = module;
  const semicolon = end(style);
  const run = module.import("@sluice/transport/testing", "handle", ["handleMessage"]);
  const declare = module.import("@sluice/transport", "component", ["declareComponent"]);
  const handler = await referTo(module, written, name, drafts, [`${name}Handler`]);
  const message = await refer(module, taken, drafts);
  const own = module.declare("own", "ownComponent");
  const equal = equality(test);
  const expected = sends === undefined ? [] : [`${await refer(module, sends.message, drafts)}(${sends.body("body")})`];
  const result = `await ${run}(${own}, ${message}(body))`;
  module.append(
    [
      `const ${own} = ${declare}(${quoted(component, style)}, (c) => {`,
      `${style.indent}c.${register}(${message}, ${handler})${semicolon}`,
      `})${semicolon}`,
    ].join("\n"),
  );
  module.append(
    testText(
      test,
      `${name} – ${taken.type} ${sends === undefined ? "is handled, and nothing is sent" : `leads to ${sends.message.type}`}`,
      [bodyText(test, taken, message), equal(result, `[${expected.join(", ")}]`)],
      true,
    ),
  );
}

/** Tests a gateway's function by itself: what leads to its event is the process manager's matter. */
export async function testGateway(
  test: TestDraft,
  { module: written, name, taken, sends }: Tested & { readonly sends: Sends | undefined },
): Promise<void> {
  const { module, drafts } = test;
  const gateway = await referTo(module, written, name, drafts, [`${name}Function`]);
  const expected = sends === undefined ? [] : [`${await refer(module, sends.message, drafts)}(${sends.body("body")})`];
  const message = await refer(module, taken, drafts, module.isTypeScript);
  const equal = equality(test);
  module.append(
    testText(
      test,
      `${name} – ${taken.type} leads to ${sends === undefined ? "nothing yet" : sends.message.type}`,
      [bodyText(test, taken, message), equal(`${gateway}(body)`, `[${expected.join(", ")}]`)],
      false,
    ),
  );
}

/** Tests an aggregate or process manager: what it records, and that it does so once. */
export async function testEventSourced(
  test: TestDraft,
  { module: written, name, taken, own }: Tested & { readonly own: KnownMessage },
): Promise<void> {
  const { module, drafts } = test;
  const given = module.import("@sluice/transport/testing", "given");
  const source = await referTo(module, written, name, drafts, [`${name}Source`]);
  const message = await refer(module, taken, drafts);
  const event = await refer(module, own, drafts);
  const said = bodyText(test, taken, message);
  const state = stateOf({ own });
  // What is folded is held against its schema, which a made-up body may not satisfy.
  const canBeFolded = own.saysBody?.kind !== "schema";
  const chain = (...calls: readonly string[]): string => chained(calls, module.style);
  module.append(
    testText(
      test,
      `${name} – ${taken.type} leads to ${own.type}`,
      [
        said,
        chain(
          `${given}(${source})`,
          `.when(${message}(body))`,
          `.then(${event}(body))`,
          ...(canBeFolded ? [`.state({ ${state}: true })`] : []),
        ),
      ],
      false,
    ),
  );
  if (!canBeFolded) return;
  module.append(
    testText(
      test,
      `${name} – ${taken.type} once more leads to nothing`,
      [said, chain(`${given}(${source}, ${event}(body))`, `.when(${message}(body))`, ".thenNothing()")],
      false,
    ),
  );
}

/** Tests a decision of an aggregate or process manager that does more besides: what it records of this message. */
export async function testDecision(
  test: TestDraft,
  { module: written, name, taken, own }: Tested & { readonly own: KnownMessage },
): Promise<void> {
  const { module, drafts } = test;
  const given = module.import("@sluice/transport/testing", "given");
  const source = await referTo(module, written, name, drafts, [`${name}Source`]);
  const message = await refer(module, taken, drafts);
  const event = await refer(module, own, drafts);
  const calls = [`${given}(${source})`, `.when(${message}(body))`, `.then(${event}(body))`];
  module.append(
    testText(
      test,
      `${name} – ${taken.type} leads to ${own.type}`,
      [bodyText(test, taken, message), chained(calls, module.style)],
      false,
    ),
  );
}

/** Tests a view that counts. */
export async function testView(test: TestDraft, { module: written, name, taken }: Tested): Promise<void> {
  const { module, drafts } = test;
  const fold = module.import("@sluice/transport/testing", "fold", ["foldEvents"]);
  const view = await referTo(module, written, name, drafts, [`${name}View`]);
  const message = await refer(module, taken, drafts);
  const equal = equality(test);
  module.append(
    testText(
      test,
      `${name} – counts ${taken.type}`,
      [bodyText(test, taken, message), equal(`${fold}(${view}, ${message}(body), ${message}(body))`, "{ count: 2 }")],
      false,
    ),
  );
}

/** Calls on what the one before answers: in one line where they fit into a test's. */
function chained(calls: readonly string[], style: CodeStyle): string {
  const line = `${calls.join("")}${end(style)}`;
  return style.indent.length + line.length <= style.width ? line : `${calls.join(`\n${style.indent}`)}${end(style)}`;
}

function testText(
  { module, facts }: TestDraft,
  title: string,
  statements: readonly string[],
  isAsync: boolean,
): string {
  const { style } = module;
  const test = testFunction(module, facts);
  const body = statements.map((statement) => style.indent + statement.replaceAll("\n", `\n${style.indent}`)).join("\n");
  return `${test}(${quoted(title, style)}, ${isAsync ? "async " : ""}() => {\n${body}\n})${end(style)}`;
}

function testFunction(module: ModuleDraft, { runner, hasJestGlobals }: PackageFacts): string {
  if (runner === "jest") return hasJestGlobals ? module.import("@jest/globals", "test") : "test";
  return module.import(runner, "test");
}

/** Says that one thing is like another, a list or an object written out, as the runner does it. */
function equality({
  module,
  facts: { runner, hasJestGlobals },
}: TestDraft): (actual: string, expected: string) => string {
  const { style } = module;
  const within = { ...style, width: style.width - style.indent.length };
  if (runner === "node:test") {
    const assert = module.import("node:assert/strict", "default", ["assert", "assertions"]);
    return (actual, expected) => comparison(`${assert}.deepEqual(${actual}, `, expected, within);
  }
  const expect =
    runner === "jest" && !hasJestGlobals
      ? "expect"
      : module.import(runner === "jest" ? "@jest/globals" : "vitest", "expect");
  return (actual, expected) => comparison(`${expect}(${actual}).toEqual(`, expected, within);
}

/** In one line, or with what is expected in lines of its own where it does not fit. */
function comparison(start: string, expected: string, style: CodeStyle): string {
  const line = `${start}${expected})${end(style)}`;
  const inner = expected.slice(1, -1).trim();
  if (line.length <= style.width || inner === "") return line;
  return listLines(`${start}${expected.charAt(0)}`, [inner], `${expected.slice(-1)})${end(style)}`, style);
}

/** Declares a made-up body, with its type where it stands in TypeScript. */
function bodyText({ module }: TestDraft, { body, bodyType }: KnownMessage, definition: string): string {
  const { style, isTypeScript } = module;
  const type = `Parameters<typeof ${definition}>[0]`;
  if (body === undefined) {
    const remark = `// ${bodyType ?? "The body's type"} is not written out where the message is declared: fill in what it needs.\n`;
    return isTypeScript
      ? `${remark}const body = {} as ${type}${end(style)}`
      : `${remark}const body = /** @type {${type}} */ ({})${end(style)}`;
  }
  const start = isTypeScript ? `const body: ${type} = ` : "const body = ";
  const text = `${start}${printExample(body, style, "", start.length + style.indent.length)}${end(style)}`;
  return isTypeScript ? text : `/** @type {${type}} */\n${text}`;
}

const STARTS = new Set(["startEndpoint", "startSender", "startEmbedded"]);

/** Whether importing a module starts something: a program, and nothing that a test can import. */
export function isProgram({ program }: ParsedSource): boolean {
  const starts = (node: t.Node): boolean => {
    if (node.type === "CallExpression" && node.callee.type !== "Super") {
      const called = bare(node.callee as t.Expression);
      const name =
        called.type === "Identifier" ? called.name : called.type === "MemberExpression" ? propertyOf(called) : "";
      if (STARTS.has(name)) return true;
    }
    return !isFunction(node) && [...childrenOf(node)].some(starts);
  };
  return program.body.some(starts);
}

const propertyOf = ({ property }: t.MemberExpression): string => (property.type === "Identifier" ? property.name : "");
