import type { IncomingHttpHeaders } from "node:http2";
import type { Fault, FaultRule, SeenCall } from "./fault.ts";

/** Decides what calls get: the first rule that matches and is not used up. */
export class FaultScript {
  readonly calls: SeenCall[] = [];
  readonly #now: () => number;
  readonly #rules: { readonly rule: FaultRule; left: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds a rule behind the others, until what is answered is disposed of. */
  add(rule: FaultRule): Disposable {
    const entry = { rule, left: rule.times ?? Infinity };
    this.#rules.push(entry);
    return {
      [Symbol.dispose]: () => {
        const index = this.#rules.indexOf(entry);
        if (index >= 0) this.#rules.splice(index, 1);
      },
    };
  }

  decide(method: string, request: Buffer, headers: IncomingHttpHeaders): Fault | undefined {
    const entry = this.#rules.find(
      ({ rule, left }) => left > 0 && methodMatches(rule.method, method) && (rule.when?.(request, headers) ?? true),
    );
    if (entry !== undefined) entry.left--;
    this.calls.push({ method, at: this.#now(), outcome: entry?.rule.fault.kind ?? "forwarded" });
    return entry?.rule.fault;
  }
}

export function methodMatches(wanted: RegExp | string, path: string): boolean {
  if (typeof wanted !== "string") return wanted.test(path);
  return path === wanted || path.endsWith(`/${wanted}`) || path.endsWith(`.${wanted}`);
}
