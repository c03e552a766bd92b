import type * as t from "@babel/types";
import type { Scope } from "./scope.ts";

/** What a module offers under a name. */
export type ExportEntry =
  | { readonly kind: "local"; readonly name: string }
  | { readonly kind: "expression"; readonly value: t.Expression }
  /** Handed on from another module; `*` is all of it. */
  | { readonly kind: "from"; readonly module: string; readonly name: string };

/** A source that was parsed: its syntax, its names, and what it offers to others. */
export interface ParsedSource {
  readonly uri: string;
  readonly text: string;
  readonly program: t.Program;
  readonly scope: Scope;
  /** The scopes of nodes that have one of their own. */
  readonly scopes: ReadonlyMap<t.Node, Scope>;
  readonly exports: ReadonlyMap<string, ExportEntry>;
  /** Modules of which everything is handed on. */
  readonly exportsAllOf: readonly string[];
  /** All calls, and the names that each sees. */
  readonly calls: readonly { readonly node: t.CallExpression; readonly scope: Scope }[];
  /** How an expression is called where it is given a name. */
  readonly names: ReadonlyMap<t.Node, string>;
}
