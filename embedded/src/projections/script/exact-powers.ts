import type { AssignmentExpression, BinaryExpression, Node } from "acorn";
import { edited, nodesOf, type QueryEdit } from "./query-nodes.ts";

/** Name under which a query finds what stands for the operator of powers: in the world, `revisePowers` makes it. */
const POWER = "$sluicePower";

/** The query with its powers taken by the world's function; those assigned to a property stay as they are. No line moves. */
export function takePowers(query: string): string {
  if (!query.includes("**")) return query;
  const edits = nodesOf(query).flatMap((node) => {
    if (isPower(node)) return editsOf(query, node, `${POWER}(`, ",");
    return isAssigned(node) ? editsOf(query, node, "", `=${POWER}(${textOf(query, node.left)},`) : [];
  });
  return edited(query, edits);
}

function isPower(node: Node): node is BinaryExpression {
  return node.type === "BinaryExpression" && (node as BinaryExpression).operator === "**";
}

function isAssigned(node: Node): node is AssignmentExpression {
  const { type, operator, left } = node as AssignmentExpression;
  return type === "AssignmentExpression" && operator === "**=" && left.type === "Identifier";
}

function textOf(query: string, { start, end }: Node): string {
  return query.slice(start, end);
}

function editsOf(
  query: string,
  node: BinaryExpression | AssignmentExpression,
  before: string,
  instead: string,
): readonly QueryEdit[] {
  const between = query.slice(node.left.end, node.right.start);
  const [gap = ""] = /^(?:[\s)]|\/\*[^]*?\*\/|\/\/.*)*/.exec(between) ?? [];
  const at = node.left.end + gap.length;
  return [
    { start: node.start, end: node.start, text: before },
    { start: at, end: at + node.operator.length, text: instead },
    { start: node.end, end: node.end, text: ")" },
  ];
}
