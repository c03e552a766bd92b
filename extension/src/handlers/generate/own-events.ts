import type * as t from "@babel/types";
import type { EventSourcedDeclaration } from "../../workspace-model/declarations.ts";
import { childrenOf, isThere, propertyName } from "../../workspace-model/syntax.ts";
import type { ModuleDraft } from "./module-draft.ts";
import { HandlerNotWritten } from "./not-written.ts";

/**
 * Adds an event to those that a process manager names as its own, `{ events: [DeliveryBegun] }`: it takes no others.
 * @returns whether it names any, so that each needs an `evolve`.
 * @throws HandlerNotWritten where it names them and the list is not written out.
 */
export function addOwnEvent(module: ModuleDraft, { place, events }: EventSourcedDeclaration, event: string): boolean {
  if (events === undefined) return false;
  const call = callAt(module.source.program, place.start, place.end);
  const options = call?.arguments.find((one) => one.type === "ObjectExpression" && listIn(one) !== undefined);
  const list = options?.type === "ObjectExpression" ? listIn(options) : undefined;
  if (list === undefined) throw new HandlerNotWritten("no-builder", module.uri);
  const last = list.elements.at(-1);
  if (isThere(last)) module.insert(last.end ?? 0, `, ${event}`);
  else module.insert((list.start ?? 0) + 1, event);
  return true;
}

function listIn({ properties }: t.ObjectExpression): t.ArrayExpression | undefined {
  for (const one of properties) {
    if (one.type === "ObjectProperty" && propertyName(one) === "events" && one.value.type === "ArrayExpression")
      return one.value;
  }
  return undefined;
}

function callAt(node: t.Node, start: number, end: number): t.CallExpression | undefined {
  if (node.type === "CallExpression" && node.start === start && node.end === end) return node;
  for (const child of childrenOf(node)) {
    if ((child.start ?? 0) > start || (child.end ?? 0) < end) continue;
    const found = callAt(child, start, end);
    if (found !== undefined) return found;
  }
  return undefined;
}
