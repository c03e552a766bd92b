import type { WorkspaceModel } from "../../workspace-model/declarations.ts";
import type { CodeStyle } from "../code-style.ts";
import { quoted } from "../code-style.ts";
import type { BodyType } from "../inference/body-type.ts";
import { notesOf, printMembers, printType } from "../inference/print-type.ts";
import type { Drafts } from "./drafts.ts";
import { type KnownMessage, referTo } from "./known-message.ts";
import { end, list, listLines } from "./layout.ts";
import type { ModuleDraft } from "./module-draft.ts";
import { fullIdentifierOf, identifierOf } from "./names.ts";
import type { NewMessage } from "./request.ts";
import { directoryOf } from "./uri-path.ts";

/** What a body is where nothing is known of it: enough to begin with. */
const BODY: BodyType = { kind: "object", members: [{ name: "id", type: { kind: "string" }, isOptional: false }] };

/** How the body of a new message is known: by itself, or as that of another one. */
export type BodyOf = { readonly body: BodyType | undefined } | { readonly like: KnownMessage };

/** Declares a new message in a module, behind those that are there. */
export async function defineMessage(
  module: ModuleDraft,
  { kind, type, to }: Pick<NewMessage, "kind" | "type" | "to">,
  bodyOf: BodyOf,
  drafts: Drafts,
  model: Pick<WorkspaceModel, "messages">,
): Promise<KnownMessage> {
  const { style, isTypeScript } = module;
  const identifier = module.declare(identifierOf(type), fullIdentifierOf(type), `${identifierOf(type)}Message`);
  const declare = module.import("@sluice/transport", kind, [`declare${kind[0]?.toUpperCase()}${kind.slice(1)}`]);
  const body = "like" in bodyOf ? bodyOf.like.body : (bodyOf.body ?? BODY);
  const sections: string[] = [];
  let said: { readonly kind: "type" | "schema"; readonly text: string };
  let bodyType: string | undefined;
  if ("like" in bodyOf) {
    said = await saidLike(module, bodyOf.like, drafts);
    bodyType = module.source.exports.has(said.text) || bodyOf.like.module === module ? bodyOf.like.bodyType : undefined;
  } else {
    bodyType = module.declare(`${identifier}Body`, `${fullIdentifierOf(type)}Body`);
    said = { kind: "type", text: bodyType };
    sections.push(isTypeScript ? typeText(bodyType, body ?? BODY, style) : typedefText(bodyType, body ?? BODY, style));
  }
  const args = [quoted(type, style), ...(to === undefined ? [] : [`{ to: ${quoted(to, style)} }`])];
  if (isTypeScript) {
    const declared = `export const ${identifier} = ${declare}(${args.join(", ")})`;
    const whole = `${declared}${said.kind === "schema" ? said.text : `<${said.text}>()`}${end(style)}`;
    sections.push(whole.length <= style.width ? whole : broken(identifier, declare, type, to, said.text, style));
  } else {
    const definition = `${kind[0]?.toUpperCase()}${kind.slice(1)}Definition`;
    const types = [said.text, said.text, quoted(type, { quote: '"' })].join(", ");
    // JavaScript cannot give a type to a call, so the function that is called is said to be of that type.
    const cast = `/** @type {() => import("@sluice/transport").${definition}<${types}>} */`;
    const call = list(`${declare}(`, args, ")", style, style.indent);
    sections.push(
      `export const ${identifier} =\n${style.indent}${cast} (\n${style.indent.repeat(2)}${call}\n${style.indent})()${end(style)}`,
    );
  }
  place(module, sections.join("\n\n"), model);
  return {
    kind,
    type,
    ...(to === undefined ? {} : { to }),
    identifier,
    module,
    ...(body === undefined ? {} : { body }),
    saysBody: said,
    ...(bodyType === undefined ? {} : { bodyType }),
  };
}

function broken(
  name: string,
  declare: string,
  type: string,
  to: string | undefined,
  body: string,
  style: CodeStyle,
): string {
  const start = `export const ${name} = ${declare}(`;
  if (to === undefined) return `${start}${quoted(type, style)})<\n${style.indent}${body}\n>()${end(style)}`;
  const options = listLines("{", [`to: ${quoted(to, style)}`], "}", style);
  return `${start}${quoted(type, style)}, ${options})<${body}>()${end(style)}`;
}

/** Says the same body as another message: by its text in the same file, else by the other's definition. */
async function saidLike(
  module: ModuleDraft,
  like: KnownMessage,
  drafts: Drafts,
): Promise<{ readonly kind: "type" | "schema"; readonly text: string }> {
  if (module.isTypeScript) {
    if (like.bodyType !== undefined)
      return {
        kind: "type",
        text: await referTo(module, like.module, like.bodyType, drafts, [`${like.identifier}Body`], true),
      };
    if (like.module === module && like.saysBody !== undefined) {
      const { kind, text } = like.saysBody;
      return { kind, text: kind === "schema" ? `(${text})` : text };
    }
    const name = await referTo(module, like.module, like.identifier, drafts, [fullIdentifierOf(like.type)], true);
    return { kind: "type", text: `Parameters<typeof ${name}>[0]` };
  }
  const from = like.module === module ? "" : `import("${await drafts.specifier(module, like.module.uri)}").`;
  return {
    kind: "type",
    text: like.bodyType === undefined ? `Parameters<typeof ${from}${like.identifier}>[0]` : `${from}${like.bodyType}`,
  };
}

function typeText(name: string, body: BodyType, style: CodeStyle): string {
  if (body.kind === "object" && body.members.length > 0)
    return `export interface ${name} {\n${printMembers(body.members, style, style.indent)}}`;
  const type = printType(body, style, "", `export type ${name} = `.length);
  return `export type ${name} =${type.startsWith("\n") ? "" : " "}${type}${end(style)}`;
}

/** In JavaScript the type stands in a comment, and what is to be told of its parts before it. */
function typedefText(name: string, body: BodyType, style: CodeStyle): string {
  const notes = notesOf(body).map(({ path, notes }) => ` * - \`${path.replaceAll("*/", "*\\/")}\`: ${notes.join(" ")}`);
  const type = printType(body, style, "", `@typedef {} ${name}`.length + 3, false).replaceAll("*/", "*\\/");
  return `/**\n${notes.length === 0 ? "" : `${notes.join("\n")}\n *\n`} * @typedef {${type.replaceAll("\n", "\n * ")}} ${name}\n */`;
}

/** Behind the last message of the module; in one without any, before what may use it. */
function place(module: ModuleDraft, text: string, model: Pick<WorkspaceModel, "messages">): void {
  if (module.isNew) return module.append(text);
  const { body } = module.source.program;
  const places = model.messages.filter(({ place }) => place.uri === module.uri).map(({ place }) => place);
  const last = body.findLast(({ start, end }) =>
    places.some((one) => one.start >= (start ?? 0) && one.end <= (end ?? 0)),
  );
  const behind = last ?? body.at(-1);
  module.insert(behind?.end ?? module.source.text.length, `\n\n${text}${behind === undefined ? "\n" : ""}`);
}

/**
 * The module that a new message belongs into: where the others of its namespace are, or those of its package, or a new one beside
 * the component.
 * @param besides a module that is not meant, since others would import it while it imports them.
 */
export function messagesModule(
  type: string,
  beside: string,
  packageDirectory: string | undefined,
  besides: string,
  model: Pick<WorkspaceModel, "messages">,
): string | undefined {
  const namespace = type.slice(0, type.lastIndexOf(".") + 1);
  const counts = new Map<string, number>();
  for (const { place, type: other, identifier } of model.messages) {
    if (place.uri === besides || identifier === "" || /\.(?:test|spec)\./.test(place.uri)) continue;
    const isOwn = packageDirectory === undefined || place.uri.startsWith(`${packageDirectory}/`);
    const isOfNamespace = namespace !== "" && other.startsWith(namespace);
    const weight =
      (isOfNamespace ? 1_000_000 : 0) + (directoryOf(place.uri) === beside ? 10_000 : 0) + (isOwn ? 1_000 : 0) + 1;
    // What is neither of the namespace nor of the package says nothing about where this one belongs.
    if (isOwn || isOfNamespace) counts.set(place.uri, (counts.get(place.uri) ?? 0) + weight);
  }
  return [...counts].toSorted(([one, many], [other, few]) => few - many || (one < other ? -1 : 1))[0]?.[0];
}
