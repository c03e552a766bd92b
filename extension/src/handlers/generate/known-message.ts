import type { MessageDeclaration, MessageKind } from "../../workspace-model/declarations.ts";
import type { BodyType } from "../inference/body-type.ts";
import { declaredBody } from "./declared-body.ts";
import type { Drafts } from "./drafts.ts";
import type { ModuleDraft } from "./module-draft.ts";
import { fullIdentifierOf } from "./names.ts";
import { HandlerNotWritten } from "./not-written.ts";

/** A message as other files refer to it. */
export interface KnownMessage {
  readonly kind: MessageKind;
  readonly type: string;
  /** The component that owns a command. */
  readonly to?: string;
  /** The name it is exported by. */
  readonly identifier: string;
  /** The module that exports it. */
  readonly module: ModuleDraft;
  /** Undefined where it cannot be read. */
  readonly body?: BodyType;
  /** What says its body, where it is declared: `<Body>` and a call, or a schema. */
  readonly saysBody?: { readonly kind: "type" | "schema"; readonly text: string };
  /** The name that its module exports the type of its body by. */
  readonly bodyType?: string;
}

/** A message that is declared already. @throws HandlerNotWritten where it has no name to be imported by. */
export async function declaredMessage(declaration: MessageDeclaration, drafts: Drafts): Promise<KnownMessage> {
  const { kind, type, to, identifier, place, body } = declaration;
  if (identifier === "") throw new HandlerNotWritten("no-name", place.uri);
  const module = await drafts.open(place.uri);
  const type_ = declaredBody(declaration, module.source);
  return {
    kind,
    type,
    ...(to === undefined ? {} : { to }),
    identifier: exportedName(module, identifier),
    module,
    ...(type_ === undefined ? {} : { body: type_ }),
    ...(body === undefined ? {} : { saysBody: { kind: body.kind, text: body.text } }),
    ...(body?.kind === "type" && module.source.exports.has(body.text) ? { bodyType: body.text } : {}),
  };
}

/** The name that a module exports something by; what is not exported is from now on. */
export function exportedName(module: ModuleDraft, local: string): string {
  if (module.isNew) return local;
  for (const [exported, entry] of module.source.exports) {
    if (exported !== "default" && entry.kind === "local" && entry.name === local) return exported;
  }
  for (const statement of module.source.program.body) {
    if (statement.type !== "VariableDeclaration") continue;
    if (statement.declarations.some(({ id }) => id.type === "Identifier" && id.name === local)) {
      module.export(statement.start ?? 0);
      return local;
    }
  }
  throw new HandlerNotWritten("no-name", module.uri);
}

/** The name of a message in a file, imported where it has to be. */
export async function refer(from: ModuleDraft, to: KnownMessage, drafts: Drafts, isType = false): Promise<string> {
  return referTo(
    from,
    to.module,
    to.identifier,
    drafts,
    [fullIdentifierOf(to.type), `${to.identifier}Message`],
    isType,
  );
}

/** The name of an export in a file, imported where it has to be. */
export async function referTo(
  from: ModuleDraft,
  module: ModuleDraft,
  exported: string,
  drafts: Drafts,
  aliases: readonly string[] = [],
  isType = false,
): Promise<string> {
  if (from === module) return exported;
  return from.import(await drafts.specifier(from, module.uri), exported, aliases, isType);
}

/** The type of a message's body as a handler gets it, in a file. */
export async function bodyTypeIn(from: ModuleDraft, message: KnownMessage, drafts: Drafts): Promise<string> {
  const { module, bodyType, saysBody } = message;
  if (!from.isTypeScript) {
    const path = await drafts.specifier(from, module.uri);
    if (bodyType !== undefined) return from === module ? bodyType : `import("${path}").${bodyType}`;
    const definition = from === module ? message.identifier : `import("${path}").${message.identifier}`;
    return typeOfBody(`typeof ${definition}`, saysBody?.kind);
  }
  if (bodyType !== undefined) return referTo(from, module, bodyType, drafts, [`${message.identifier}Body`], true);
  return typeOfBody(`typeof ${await refer(from, message, drafts, true)}`, saysBody?.kind);
}

/** A schema may give a handler something else than it takes from a sender. */
const typeOfBody = (definition: string, saidBy: "type" | "schema" | undefined): string =>
  saidBy === "schema" ? `NonNullable<(${definition})["handled"]>` : `Parameters<${definition}>[0]`;
