import type { CatchClause, Node } from "acorn";
import { edited, nodesOf, type QueryEdit } from "./query-nodes.ts";

/** Name under which a query finds what it hands caught errors to: in the world, `tellCaught` makes it. */
const CAUGHT = "$sluiceCaught";

/**
 * The query with each `catch` handing on what it caught before anything else happens to it, so that the script reads errors in
 * the words of the server's engine. No line moves. A query that does not parse stays as it is: the engine tells why.
 */
export function tellCaught(query: string): string {
  return edited(
    query,
    catchClauses(query).flatMap((clause) => editsOf(query, clause)),
  );
}

function editsOf(query: string, { param, body }: CatchClause): readonly QueryEdit[] {
  if (param === null || param === undefined) return [];
  const caught = query.slice(param.start, param.end);
  const opening = query.slice(param.end, body.start + 1);
  const text =
    param.type === "Identifier"
      ? `${caught}${opening}${CAUGHT}(${caught});`
      : `${CAUGHT}_${opening}let ${caught}=${CAUGHT}(${CAUGHT}_);`;
  return [{ start: param.start, end: body.start + 1, text }];
}

function catchClauses(query: string): readonly CatchClause[] {
  return /\bcatch\b/.test(query) ? nodesOf(query).filter(isCatchClause) : [];
}

function isCatchClause(node: Node): node is CatchClause {
  return node.type === "CatchClause";
}
