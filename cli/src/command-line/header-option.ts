import type { Options } from "./options.ts";
import { UsageError } from "./usage-error.ts";

export const HEADER_OPTIONS = {
  header: { type: "string", multiple: true, value: "NAME=VALUE", about: "a header of your own; may be repeated" },
} as const satisfies Options;

/** @throws UsageError */
export const headersGiven = (given: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(`--header takes NAME=VALUE, such as --header tenant=acme, not "${text}".`);
      }
      return [name, value];
    }),
  );
