import type { Builder } from "../../workspace-model/declarations.ts";
import type { SourcePlace } from "../../workspace-model/source-file.ts";
import { end } from "./layout.ts";
import type { ModuleDraft } from "./module-draft.ts";
import { HandlerNotWritten } from "./not-written.ts";

/** What a declaration of a component or process manager offers to register something in. */
export interface Registrable {
  readonly place: SourcePlace;
  readonly builder?: Builder;
}

/** The file that a call is added to. */
export const registerUri = ({ builder, place }: Registrable): string => builder?.body.uri ?? place.uri;

/**
 * Adds a call on a builder, such as `c.handle(PlaceOrder, placeOrder)`, behind those that are there.
 * @param fallback what the builder is called where it has no name yet.
 * @throws HandlerNotWritten where there is no place for it.
 */
export function register(
  module: ModuleDraft,
  { place, builder }: Registrable,
  call: (builder: string) => string,
  fallback: string,
): void {
  const { text } = module.source;
  const { style } = module;
  const base = indentAt(text, (builder?.body ?? place).start);
  const inner = base + style.indent;
  const line = (name: string): string => `${inner}${call(name).replaceAll("\n", `\n${inner}`)}${end(style)}`;
  if (builder === undefined) {
    const close = text.lastIndexOf(")", place.end - 1);
    const given = text.slice(text.indexOf("(", place.start) + 1, close);
    // With one argument it is the name, and nothing is declared yet; with more, what declares is not written here.
    if (!/^\s*(?:"[^"\n]*"|'[^'\n]*'|`[^`$\n]*`|[\w$.]+)\s*,?\s*$/.test(given))
      throw new HandlerNotWritten("no-builder", module.uri);
    const comma = /,\s*$/.test(given) ? " " : ", ";
    const at = text.slice(0, close).trimEnd().length;
    return module.insert(at, `${comma}(${fallback}) => {\n${line(fallback)}\n${base}}`);
  }
  const name = builder.parameter ?? nameBuilder(module, builder, fallback);
  const { start, end: stop } = builder.body;
  if (builder.isBlock) {
    const content = text.slice(start + 1, stop - 1);
    const at = start + 1 + content.trimEnd().length;
    if (text.slice(at, stop).includes("\n")) return module.insert(at, `\n${line(name)}`);
    return module.replaceBlank(at, stop - 1, `\n${line(name)}\n${base}`);
  }
  const [from, to] = withParentheses(text, start, stop);
  module.insert(from, `{\n${inner}`);
  module.insert(to, `${end(style)}\n${line(name)}\n${base}}`);
}

/** `() => …` gets a parameter. One that is taken apart stays, and has no place for a call. */
function nameBuilder(module: ModuleDraft, { body }: Builder, name: string): string {
  const before = module.source.text.slice(0, body.start);
  const [, empty] = /\((\s*)\)\s*(?::[^=]*)?(?:=>)?\s*\(*\s*$/.exec(before) ?? [];
  if (empty === undefined) throw new HandlerNotWritten("no-builder", module.uri);
  const open = before.lastIndexOf(`(${empty})`);
  module.insert(open + 1, name);
  return name;
}

/** An expression with the parentheses around it, which would keep a block from being one. */
function withParentheses(text: string, start: number, stop: number): readonly [number, number] {
  let [from, to] = [start, stop];
  for (;;) {
    const before = text.slice(0, from).trimEnd();
    const behind = text.slice(to).trimStart();
    if (!/=>\s*(?:\(\s*)+$/.test(before) || !behind.startsWith(")")) return [from, to];
    [from, to] = [before.length - 1, text.length - behind.length + 1];
  }
}

/** What the line of an offset begins with. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
}
