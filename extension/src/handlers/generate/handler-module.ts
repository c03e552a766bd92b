import { bodyFrom } from "./body-from.ts";
import type { Drafts } from "./drafts.ts";
import { bodyTypeIn, type KnownMessage, refer } from "./known-message.ts";
import { docComment, end, list } from "./layout.ts";
import type { ModuleDraft } from "./module-draft.ts";

/** What a function that was written sends, for its test: the expression of a message, made of the variable that holds the body. */
export interface Sends {
  readonly message: KnownMessage;
  readonly body: (variable: string) => string;
}

/** What is written, and what it sends; nothing where it is left to whoever goes on with it. */
export interface WrittenHandler {
  readonly name: string;
  readonly sends?: Sends;
}

/** How a message is sent where that is wanted and its body can be made; else why not. */
type Sending = { readonly sends: Sends } | { readonly remark?: string };

/** Decides how `sent` is made of `taken`. */
function sendingOf(sent: KnownMessage | undefined, taken: KnownMessage, module: ModuleDraft): Sending {
  if (sent === undefined) return {};
  if (sent.bodyType !== undefined && sent.bodyType === taken.bodyType && sent.module === taken.module)
    return { sends: { message: sent, body: (variable) => variable } };
  const from = bodyFrom(sent.body, taken.body, module.style);
  if ("expression" in from) return { sends: { message: sent, body: from.expression } };
  const { missing } = from;
  const remark =
    missing === undefined
      ? `Send ${sent.type} from here: its body, or that of ${taken.type}, is not written out where it is declared.`
      : `Send ${sent.type} from here: ${taken.type} does not tell ${missing.join(", ")}.`;
  return { remark };
}

/** Writes a plain handler into a module of its own. */
export async function writeHandler(
  module: ModuleDraft,
  name: string,
  taken: KnownMessage,
  sent: KnownMessage | undefined,
  drafts: Drafts,
): Promise<WrittenHandler> {
  const sending = sendingOf(sent, taken, module);
  const { style } = module;
  const lines: string[] = [];
  if ("sends" in sending) {
    const definition = await refer(module, sending.sends.message, drafts);
    const verb = { command: "send", event: "publish", reply: "reply" }[sending.sends.message.kind];
    lines.push(
      list(`await ctx.${verb}(`, [definition, sending.sends.body("message")], `)${end(style)}`, style, style.indent),
    );
  } else lines.push(`// ${sending.remark ?? "What happens now? Await what is sent and published with the context."}`);
  const used = "sends" in sending ? "" : "_";
  module.append(
    await functionText(module, drafts, {
      comment: `Handles ${taken.type}. It may be called again for a message it has handled; what it sends leaves once it has ended well.`,
      name,
      taken,
      parameters: [`${used}message`, `${used}ctx`],
      answers: "Promise<void>",
      lines,
    }),
  );
  return { name, ...("sends" in sending ? { sends: sending.sends } : {}) };
}

/** Writes a receptor's or gateway's function into a module of its own. */
export async function writeTranslation(
  module: ModuleDraft,
  name: string,
  taken: KnownMessage,
  sent: KnownMessage | undefined,
  drafts: Drafts,
): Promise<WrittenHandler> {
  const sending = sendingOf(sent, taken, module);
  const { style } = module;
  const lines: string[] = [];
  if ("sends" in sending) {
    const made = `${await refer(module, sending.sends.message, drafts)}(${sending.sends.body("message")})`;
    lines.push(list("return [", [made], `]${end(style)}`, style, style.indent));
  } else {
    lines.push(`// ${sending.remark ?? "Which commands does it lead to?"}`, `return []${end(style)}`);
  }
  module.append(
    await functionText(module, drafts, {
      comment: `Turns ${taken.type} into commands. It is pure: what it answers is all that it does.`,
      name,
      taken,
      parameters: [`${"sends" in sending ? "" : "_"}message`],
      answers: "Messages",
      lines,
    }),
  );
  return { name, ...("sends" in sending ? { sends: sending.sends } : {}) };
}

interface FunctionParts {
  readonly comment: string;
  readonly name: string;
  readonly taken: KnownMessage;
  /** The body's, and the context's where it takes that. */
  readonly parameters: readonly [string, string?];
  readonly answers: "Promise<void>" | "Messages";
  readonly lines: readonly string[];
}

async function functionText(module: ModuleDraft, drafts: Drafts, parts: FunctionParts): Promise<string> {
  const { style, isTypeScript } = module;
  const { comment, name, taken, answers } = parts;
  const [message, context] = parts.parameters;
  const isAsync = answers === "Promise<void>";
  const body = await bodyTypeIn(module, taken, drafts);
  const block = `{\n${parts.lines.map((line) => style.indent + line).join("\n")}\n}`;
  const start = `export ${isAsync ? "async " : ""}function ${name}(`;
  if (isTypeScript) {
    const contextType =
      context === undefined
        ? []
        : [`${context}: ${module.import("@sluice/transport", "HandlerContext", ["SluiceContext"], true)}`];
    const answerType = isAsync ? answers : module.import("@sluice/transport", "Messages", ["SluiceMessages"], true);
    const head = list(start, [`${message}: ${body}`, ...contextType], `): ${answerType} {`, style);
    return `${docComment(comment, style)}\n${head}${block.slice(1)}`;
  }
  const transport = `import("@sluice/transport")`;
  const tags = [
    "",
    `@param {${body}} ${message}`,
    ...(context === undefined ? [] : [`@param {${transport}.HandlerContext} ${context}`]),
    `@returns {${isAsync ? answers : `${transport}.Messages`}}`,
  ];
  const head = list(start, [message, ...(context === undefined ? [] : [context])], ") {", style);
  return `${docComment(comment, style, tags)}\n${head}${block.slice(1)}`;
}
