/** An option, and what the help says of it. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly multiple?: true;
  /** What stands for its value, such as `FILE`. */
  readonly value?: string;
  readonly about: string;
  /** Values that completion offers. */
  readonly choices?: readonly string[];
}

export type Options = Readonly<Record<string, Option>>;

/** The values of options as they were typed. */
export type Values<O extends Options> = {
  readonly [Name in keyof O]: O[Name]["type"] extends "boolean"
    ? boolean
    : O[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string | undefined;
};
