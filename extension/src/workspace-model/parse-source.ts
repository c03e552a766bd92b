import { parse } from "@babel/parser";
import type * as t from "@babel/types";
import type { ParsedSource } from "./parsed-source.ts";
import { readScopes } from "./read-scopes.ts";
import type { SourceFile } from "./source-file.ts";

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
  try {
    const program = programOf(uri, text);
    return { uri, text, program, ...readScopes(uri, program) };
  } catch (error) {
    // The stack has an end, which what a program has written may reach.
    if (error instanceof RangeError) throw new SyntaxFault(error.message, 0);
    throw error;
  }
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
        ...(isTypeScript ? (["typescript", "decorators", "decoratorAutoAccessors"] as const) : []),
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
