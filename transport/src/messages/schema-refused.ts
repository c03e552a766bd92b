import type { SchemaIssue } from "./standard-schema.ts";
import { UNRECOVERABLE } from "../topology/unrecoverable-mark.ts";

/** A body does not satisfy the schema of its message definition: refused where it is sent, parked where it is received. */
export class SchemaRefused extends Error {
  override readonly name = "SchemaRefused";
  readonly [UNRECOVERABLE] = true;
  readonly type: string;
  readonly issues: readonly SchemaIssue[];

  constructor(type: string, issues: readonly SchemaIssue[]) {
    super(
      `The body of ${type} does not satisfy its schema: ${issues.map(inWords).join("; ")}. Correct the body or the schema.`,
    );
    this.type = type;
    this.issues = issues;
  }
}

const inWords = (issue: SchemaIssue): string => {
  const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
};
