/**
 * What a body would be that JSON carries unchanged: where it holds something else, the type there says so, and a definition with
 * that body is refused. Give a schema, which says what becomes of it on the way, or declare what is really sent.
 */
export type JsonBody<Body> = object & { [Key in keyof Body]: Json<Body[Key]> };

type Json<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends bigint
    ? "JSON carries no bigint: declare a string or a number, or give a schema"
    : Value extends symbol | ((...args: never[]) => unknown)
      ? "JSON carries no functions and symbols"
      : Value extends Date
        ? "JSON makes a string of a Date: declare a string, or give a schema"
        : Value extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
          ? "JSON makes {} of a Map or a Set: declare an array, or give a schema"
          : Value extends object
            ? { [Key in keyof Value]: Json<Value[Key]> }
            : Value;
