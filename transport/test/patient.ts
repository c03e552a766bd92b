import { setTimeout as sleep } from "node:timers/promises";
import { classify } from "../src/recoverability/classify.ts";
import { hasOwnServer, PATIENCE } from "./server-under-test.ts";

const PAUSE_MS = 200;

/** Makes a call again while the server is away, as a cluster is that looks for a leader: no test is about that, and any may meet it. */
export async function patiently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (const end = Date.now() + PATIENCE; ; await sleep(PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      if (hasOwnServer || classify(error) !== "server away" || Date.now() > end) throw error;
    }
  }
}

/**
 * The same object, whose calls are made again while the server is away.
 * @param prepared what a call is made with each time, so that a repeated one can be recognized. Default: what it was called with.
 */
export function patient<Target extends object>(
  target: Target,
  prepared: (method: string | symbol, args: readonly unknown[]) => readonly unknown[] = (_, args) => args,
): Target {
  if (hasOwnServer) return target;
  return new Proxy(target, {
    get(_, method) {
      const value: unknown = Reflect.get(target, method);
      if (typeof value !== "function") return value;
      return (...given: unknown[]): unknown => {
        const args = prepared(method, given);
        const answer: unknown = Reflect.apply(value, target, args);
        if (!(answer instanceof Promise)) return answer;
        let first: Promise<unknown> | undefined = answer;
        return patiently(async () => {
          const answered = first ?? Reflect.apply(value, target, args);
          first = undefined;
          return await answered;
        });
      };
    },
  });
}
