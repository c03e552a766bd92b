import type * as t from "@babel/types";
import type { FunctionNode } from "./syntax.ts";

/** What a name stands for. */
export type Binding =
  /** An export of another module; `*` is all of them. */
  | { readonly kind: "import"; readonly module: string; readonly name: string }
  /** Given once; where it was taken out of an object, by which names. */
  | { readonly kind: "constant"; readonly value: t.Expression; readonly members: readonly string[] }
  | {
      readonly kind: "parameter";
      readonly of: FunctionNode;
      readonly index: number;
      readonly members: readonly string[];
    }
  | { readonly kind: "function"; readonly node: FunctionNode }
  | { readonly kind: "enumeration"; readonly node: t.TSEnumDeclaration }
  /** Anything else: it is given anew, changed from within, or of a form that nobody declares by. */
  | { readonly kind: "changing" };

/** Names that are visible in a stretch of a file. */
export class Scope {
  readonly uri: string;
  readonly parent: Scope | undefined;
  readonly #bindings = new Map<string, Binding>();

  constructor(uri: string, parent: Scope | undefined) {
    this.uri = uri;
    this.parent = parent;
  }

  declare(name: string, binding: Binding): void {
    // Overloads of a function are several declarations of one.
    const isAgain = this.#bindings.has(name) && binding.kind !== "function";
    this.#bindings.set(name, isAgain ? { kind: "changing" } : binding);
  }

  /** Notes that what a name stands for is not what it was declared as. */
  markChanging(name: string): void {
    const scope = this.#owner(name);
    if (scope !== undefined) scope.#bindings.set(name, { kind: "changing" });
  }

  find(name: string): { readonly binding: Binding; readonly scope: Scope } | undefined {
    const binding = this.#bindings.get(name);
    return binding === undefined ? this.parent?.find(name) : { binding, scope: this };
  }

  #owner(name: string): Scope | undefined {
    if (this.#bindings.has(name)) return this;
    return this.parent === undefined ? undefined : this.parent.#owner(name);
  }
}
