import type { Node, SpreadElement } from "acorn";
import { edited, nodesOf } from "./query-nodes.ts";

/** Name under which a query finds what makes an object of a text: in the world, `reviseTexts` makes it. */
const SPREADABLE = "$sluiceSpreadable";
/** The operator itself. */
const DOTS = 3;

/** The query with texts spread into objects character by character, as the server's engine does; QuickJS copies nothing. No line moves. */
export function spreadTexts(query: string): string {
  if (!query.includes("...")) return query;
  const spreads = nodesOf(query).flatMap((node) => (isObjectLiteral(node) ? node.properties.filter(isSpread) : []));
  return edited(
    query,
    spreads.flatMap(({ start, end }) => [
      { start: start + DOTS, end: start + DOTS, text: `${SPREADABLE}(` },
      { start: end, end, text: ")" },
    ]),
  );
}

function isObjectLiteral(node: Node): node is Node & { readonly properties: readonly Node[] } {
  return node.type === "ObjectExpression";
}

function isSpread(node: Node): node is SpreadElement {
  return node.type === "SpreadElement";
}
