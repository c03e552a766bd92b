import type { Access } from "./access.ts";
import { streamingCall } from "./calls.ts";
import type { OpenCalls } from "./open-calls.ts";
import type { monitoringService } from "./wire/monitoring.ts";
import type { Handlers } from "./wire/service.ts";

const SHORTEST_PERIOD_MS = 100;
const USUAL_PERIOD_MS = 10_000;
/** Longer than any timer can be set for. */
const LONGEST_PERIOD_MS = 24 * 60 * 60 * 1000;

/** The Monitoring service: the figures that `read` gives, again and again for as long as the client stays. */
export function monitoringHandlers(
  read: () => Readonly<Record<string, number | string>>,
  openCalls: OpenCalls,
  access: Access,
): Handlers<typeof monitoringService> {
  return {
    stats: streamingCall(openCalls, async ({ refreshTimePeriodInMs }, responses, call) => {
      access.require(call, { kind: "inspect" });
      const asked = refreshTimePeriodInMs === 0 ? USUAL_PERIOD_MS : Number(refreshTimePeriodInMs);
      const period = Math.min(Math.max(asked, SHORTEST_PERIOD_MS), LONGEST_PERIOD_MS);
      while (responses.open) {
        responses.write({ stats: Object.entries(read()).map(([name, value]) => [name, String(value)] as const) });
        await responses.drained();
        await passed(period, responses);
      }
    }),
  };
}

/** Resolves after a while, or when the client has gone. */
async function passed(ms: number, responses: { onClose(listener: () => void): () => void }): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const forget = responses.onClose(resolve);
  await promise;
  clearTimeout(timer);
  forget();
}
