import type { AdapterBench } from "@sluice/transport/conformance";
import { eventStoreTransport, type SendMode } from "@sluice/transport";
import { type Runner, startRunner } from "../tasks/task-runner.ts";
import { sluiceServer } from "./sluice-server.ts";

const TASK = "work";

/** The task runner of the guide. Tasks are sent, and not published. */
export async function taskRunnerBench(sends: SendMode): Promise<AdapterBench & { close(): Promise<void> }> {
  const server = await sluiceServer(sends, { type: TASK, textOf: (payload) => payload });
  let sender: Promise<Runner> | undefined;
  return {
    ...server,
    async start({ name, concurrency, handle }) {
      const runner = await startRunner({
        transport: server.transport(),
        queue: name,
        concurrency,
        backoff: () => 1,
        tasks: {
          [TASK]: (text, { addJob }) =>
            handle(String(text), { send: (to, said) => addJob(TASK, said, { queue: to, maxAttempts: 4 }) }),
        },
      });
      server.endsAtClose(() => runner.stop());
      return { stop: () => runner.stop() };
    },
    async send(to, text) {
      sender ??= startRunner({ transport: eventStoreTransport(server), queue: "sender", tasks: {} });
      await (await sender).addJob(TASK, text, { queue: to, maxAttempts: 4 });
    },
    async close() {
      await (await sender)?.stop();
      await server.close();
    },
  };
}
