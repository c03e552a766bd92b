import { parse } from "@babel/parser";
import type * as t from "@babel/types";
import { readScopes } from "./read-scopes.ts";
import type { Scope } from "./scope.ts";
import type { SourceFile } from "./source-file.ts";

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

/** Why a source cannot be parsed. */
export class SyntaxFault extends Error {
  override readonly name = "SyntaxFault";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Parses a source, in JavaScript or TypeScript. @throws SyntaxFault */
export function parseSource({ uri, text }: SourceFile): ParsedSource {
  const program = programOf(uri, text);
  return { uri, text, program, ...readScopes(uri, program) };
}

function programOf(uri: string, text: string): t.Program {
  const path = uri.replace(/[?#].*$/, "");
  const isTypeScript = /\.[cm]?tsx?$/.test(path);
  const hasMarkup = /\.(?:[cm]?jsx?|tsx)$/.test(path);
  try {
    const { program } = parse(text, {
      sourceType: "module",
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      createParenthesizedExpressions: false,
      plugins: [
        ...(isTypeScript ? (["typescript", "decorators"] as const) : []),
        ...(hasMarkup ? (["jsx"] as const) : []),
      ],
    });
    return program;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { pos } = error as SyntaxError & { readonly pos?: number };
    throw new SyntaxFault(error.message.replace(/ \(\d+:\d+\)$/, ""), pos ?? 0);
  }
}
