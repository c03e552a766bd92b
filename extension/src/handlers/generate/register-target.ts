import type { WorkspaceModel } from "../../workspace-model/declarations.ts";
import { type CodeStyle, DEFAULT_STYLE, quoted } from "../code-style.ts";
import type { Drafts } from "./drafts.ts";
import { end } from "./layout.ts";
import type { ModuleDraft } from "./module-draft.ts";
import { camel, kebab } from "./names.ts";
import { register, type Registrable, registerUri } from "./register.ts";
import type { NewHandlerRequest } from "./request.ts";
import { directoryOf } from "./uri-path.ts";

/** What a handler is registered in. */
export interface Target {
  readonly module: ModuleDraft;
  /** The component's name. */
  readonly component: string;
  /** Where the declaration begins that is added to; undefined for a new one. */
  readonly statement?: number;
  /** Adds a call to it. @param call makes the call on the builder of this name */
  add(call: (builder: string) => string): void;
}

type Messages = Pick<WorkspaceModel, "messages">;

/** A component, aggregate or process manager that is there, or a component that is made. */
export async function registerTarget(
  { component, within }: Pick<NewHandlerRequest, "component" | "within">,
  model: Messages,
  drafts: Drafts,
): Promise<Target> {
  if ("new" in component) {
    const { name, directory, language } = component.new;
    const { style, isCommonJs, importEnd } = await drafts.facts(`${directory}/${name}`);
    const end = language === "TypeScript" ? "ts" : "js";
    // The transport is an ECMAScript module. What is compiled, and finds files by what they are called without their ends, finds no `.mts`.
    const extension = isCommonJs && (end === "js" || importEnd !== "") ? `.m${end}` : `.${end}`;
    const module = await drafts.make(directory, [kebab(name), `${kebab(name)}-component`], extension, {
      ...DEFAULT_STYLE,
      ...style,
      ...(await neighborStyle(directory, extension, model, drafts)),
    });
    return { module, component: name, add: (call) => declareComponent(module, name, call) };
  }
  const declared: Registrable & { readonly name?: string } = within ?? component.declared;
  const module = await drafts.open(registerUri(declared));
  const builder = within === undefined ? "c" : within.kind === "aggregate" ? "a" : "p";
  return {
    module,
    component: component.declared.name ?? "component",
    statement: declared.place.start,
    add: (call) => register(module, declared, call, builder),
  };
}

function declareComponent(module: ModuleDraft, name: string, call: (builder: string) => string): void {
  const { style } = module;
  const declare = module.import("@sluice/transport", "component", ["declareComponent"]);
  const identifier = module.declare(camel(name), `${camel(name)}Component`);
  const lines = `${style.indent}${call("c").replaceAll("\n", `\n${style.indent}`)}${end(style)}`;
  module.append(`export const ${identifier} = ${declare}(${quoted(name, style)}, (c) => {\n${lines}\n})${end(style)}`);
}

/** How sources beside a new one are written. */
async function neighborStyle(
  directory: string,
  extension: string,
  { messages }: Messages,
  drafts: Drafts,
): Promise<Partial<CodeStyle>> {
  const uri = messages.find(({ place }) => directoryOf(place.uri) === directory && place.uri.endsWith(extension))?.place
    .uri;
  return uri === undefined ? {} : (await drafts.open(uri)).style;
}

/** How new modules beside one end: no markup is written. */
export const extensionOf = (uri: string): string => /\.[cm]?[jt]s(?=x?$)/.exec(uri)?.[0] ?? ".ts";
