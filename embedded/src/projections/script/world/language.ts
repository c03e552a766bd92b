import type { Fatal } from "./fatal.ts";

type Reviver = (this: object, name: string, value: unknown) => unknown;

/**
 * Takes away from JavaScript what the server's engine has not (code made from text, running generators, shared memory), and
 * has `JSON.parse` speak as that engine does (goldens `projection-language/js-*`).
 *
 * Methods that walk a list by its length alone get a bound: QuickJS cannot be interrupted within them, and a list may claim
 * any length. So do searches for a text, each place of which may cost as much as the text is long. Runs inside the sandbox; see `source.ts`.
 */
export function restrictLanguage({ fail }: Fatal, parse: (text: string) => unknown): void {
  const { defineProperty, getPrototypeOf, keys } = Object;
  const { apply, deleteProperty, defineProperty: setOwn } = Reflect;
  const world = globalThis as Record<string, unknown>;
  const generator = function* () {};
  const asyncGenerator = async function* () {};

  removeUnknown();
  refuseText();
  refuseGenerators();
  boundLists();
  boundSearches();
  replaceParse();
  hideSources();

  function set(target: object, name: string, value: unknown): void {
    defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
  }

  /** What the server's engine, of the year 2023, does not know, or keeps off. */
  function removeUnknown(): void {
    const iterator = getPrototypeOf(getPrototypeOf([][Symbol.iterator]())) as object;
    const unknown: readonly (readonly [object, string])[] = [
      [world, "SharedArrayBuffer Atomics Iterator Float16Array InternalError"],
      [Map.prototype, "getOrInsert getOrInsertComputed"],
      [WeakMap.prototype, "getOrInsert getOrInsertComputed"],
      [Set.prototype, "isDisjointFrom isSubsetOf isSupersetOf intersection difference symmetricDifference union"],
      [Promise, "try withResolvers"],
      [RegExp, "escape"],
      [Math, "f16round sumPrecise"],
      [Error, "isError"],
      [Function.prototype, "fileName lineNumber columnNumber"],
      [ArrayBuffer.prototype, "maxByteLength resizable detached resize transfer transferToFixedLength"],
      [DataView.prototype, "getFloat16 setFloat16"],
      [iterator, "constructor drop filter flatMap map take every find forEach some reduce toArray"],
    ];
    for (const [owner, names] of unknown) {
      for (const name of names.split(" ")) delete (owner as Record<string, unknown>)[name];
    }
    delete (world as Record<symbol, unknown>)[Symbol.toStringTag];
  }

  /** The server's engine does not keep what a function was written as. */
  function hideSources(): void {
    const sourceOf = Function.prototype.toString;
    const replacement = {
      toString(this: { readonly name: unknown }): string {
        sourceOf.call(this);
        return `function ${typeof this.name === "string" ? this.name : ""}() { [native code] }`;
      },
    };
    set(Function.prototype, "toString", replacement.toString);
  }

  function refuseText(): void {
    const refuse = (): never => {
      throw new TypeError("String compilation has been disabled in engine options");
    };
    set(world, "eval", { eval: (code: unknown) => (typeof code === "string" ? refuse() : code) }.eval);
    for (const made of [function () {}, async function () {}, generator, asyncGenerator]) {
      const prototype = getPrototypeOf(made) as { readonly constructor: { readonly name: string } };
      const { name } = prototype.constructor;
      // A function expression, so that `new` may be said to it.
      const constructor = function (): never {
        return refuse();
      };
      set(constructor, "name", name);
      defineProperty(constructor, "prototype", { value: prototype, writable: false });
      set(prototype, "constructor", constructor);
      if (name === "Function") set(world, name, constructor);
    }
  }

  function refuseGenerators(): void {
    const unsupported = () => fail("unsupported expression type 'YieldExpression' (Parameter 'expression')");
    for (const made of [generator, asyncGenerator]) {
      const prototype = getPrototypeOf(made.prototype) as object;
      for (const name of ["next", "return", "throw"]) set(prototype, name, unsupported);
    }
  }

  function boundLists(): void {
    const most = 2 ** 24;
    const names =
      "indexOf lastIndexOf includes forEach every some filter map reduce reduceRight reverse copyWithin fill sort slice concat " +
      "splice shift unshift flat flatMap join";
    bound(Array.prototype, names, (list, _, name) => {
      const length = (list as { readonly length?: unknown } | undefined)?.length;
      if (typeof length === "number" && length > most) fail(`A list of ${length} places is too long for ${name}().`);
    });
  }

  function boundSearches(): void {
    const most = 2 ** 32;
    const names = "indexOf lastIndexOf includes split replace replaceAll";
    bound(String.prototype, names, (text, sought, name) => {
      if (typeof sought !== "string" || typeof text !== "string" || sought.length * text.length <= most) return;
      fail(`${name}() may take too long to find ${sought.length} characters among ${text.length}.`);
    });
  }

  function bound(
    prototype: object,
    names: string,
    check: (on: unknown, argument: unknown, name: string) => void,
  ): void {
    for (const name of names.split(" ")) {
      const method = (prototype as Record<string, (...args: unknown[]) => unknown>)[name];
      if (method === undefined) continue;
      const bounded = {
        [name](this: unknown, ...args: unknown[]): unknown {
          check(this, args[0], name);
          return apply(method, this, args);
        },
      }[name];
      defineProperty(bounded, "length", { value: method.length, configurable: true });
      set(prototype, name, bounded);
    }
  }

  function replaceParse(): void {
    const replacement = {
      parse(text: unknown, reviver: unknown): unknown {
        const value = parse(String(text));
        return typeof reviver === "function" ? revived({ "": value }, "", reviver as Reviver) : value;
      },
    };
    set(JSON, "parse", replacement.parse);
  }

  /** What a reviver makes of a member, of those within it first. */
  function revived(holder: object, name: string, reviver: Reviver): unknown {
    const value = (holder as Record<string, unknown>)[name];
    if (typeof value === "object" && value !== null) {
      for (const key of keys(value)) {
        const member = revived(value, key, reviver);
        if (member === undefined) deleteProperty(value, key);
        else setOwn(value, key, { value: member, writable: true, enumerable: true, configurable: true });
      }
    }
    return apply(reviver, holder, [name, value]);
  }
}
