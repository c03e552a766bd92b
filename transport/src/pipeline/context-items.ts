/** Names a value that middleware hands on, and carries its type. */
export interface ContextKey<Value> {
  readonly name: string;
  /** Never set: carries the type of the value. */
  readonly value?: Value;
}

/**
 * Makes a key for {@link ContextItems}: `const Tenant = contextKey<string>("tenant")`. Two keys of one name are the same key.
 * @param name say whose it is, such as `acme.tenant`.
 */
export const contextKey = <Value>(name: string): ContextKey<Value> => Object.freeze({ name });

/** What middleware, handlers and the error policy of one message hand on to each other; nothing of it is sent or stored. */
export class ContextItems {
  readonly #values: Map<string, unknown>;

  constructor(values: Map<string, unknown> = new Map()) {
    this.#values = values;
  }

  get<Value>({ name }: ContextKey<Value>): Value | undefined {
    // Only `set` writes, and the same key gave the type there.
    return this.#values.get(name) as Value | undefined;
  }

  set<Value>({ name }: ContextKey<Value>, value: Value): void {
    this.#values.set(name, value);
  }
}
