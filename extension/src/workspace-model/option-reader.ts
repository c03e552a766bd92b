import type * as t from "@babel/types";
import type { From } from "@sluice/transport/topology";
import { type Constant, constantOf, unexpected } from "./constants.ts";
import type { Context, Resolver } from "./resolver.ts";
import { isUnreadable, type Unreadable, type Wanted } from "./unreadable.ts";

/** What an option says, undefined where it is left out; or why that cannot be told. */
export type Option<Value> = { readonly value: Value | undefined } | Unreadable;

/** Reads the options of declarations that others see. */
export class OptionReader {
  readonly #resolver: Resolver;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  messageTimeout(options: t.Node | undefined, at: Context): Option<number> {
    return this.#read(options, "messageTimeout", "number", at, (value) => typeof value === "number");
  }

  from(options: t.Node | undefined, at: Context): Option<From> {
    return this.#read(options, "from", "from", at, (value) => value === "now" || value === "start");
  }

  #read<Value extends Constant["value"]>(
    options: t.Node | undefined,
    name: string,
    wanted: Wanted,
    at: Context,
    isWanted: (value: Constant["value"]) => value is Value,
  ): Option<Value> {
    const found = this.#resolver.option(options, name, at);
    if (options === undefined || found === undefined) return { value: undefined };
    if (isUnreadable(found)) return found;
    if (found.kind !== "expression") return unexpected(options, at, wanted);
    const constant = constantOf(found.node, found.at, this.#resolver);
    if (isUnreadable(constant)) return constant;
    const { value } = constant;
    return value === undefined || isWanted(value) ? { value } : unexpected(options, at, wanted);
  }
}
