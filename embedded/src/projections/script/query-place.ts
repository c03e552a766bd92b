/** Name of the query in stack traces inside the sandbox. */
export const QUERY_FILE = "query";

/** A place in a query: line from 1, and what stands before it and from it on. */
export interface QueryPlace {
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** Where in the query an error arose, by its stack trace: the innermost line that lies in the query. */
export function placeInQuery(query: string, stack: string): QueryPlace | undefined {
  const [, line, column] = /\(?query:(\d+):(\d+)\)?$/m.exec(stack) ?? [];
  return line === undefined ? undefined : placeAt(query, Number(line), Number(column));
}

/** Lines and columns count from 1; columns count characters, whatever their size. */
function placeAt(query: string, line: number, column: number): QueryPlace {
  const lines = query.split("\n");
  const characters = [...(lines[line - 1] ?? "")];
  const head = [...lines.slice(0, line - 1), characters.slice(0, column - 1).join("")].join("\n");
  return { line, before: head, after: query.slice(head.length) };
}
