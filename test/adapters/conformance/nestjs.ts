import type { SendMode } from "@sluice/transport";
import type { AdapterBench } from "@sluice/transport/conformance";
import type { TransportInfrastructure } from "@sluice/transport/seam";
import { SluiceClient, SluiceRecord, TellOriginalErrors } from "@sluice/transport/nestjs";
import { lastValueFrom } from "rxjs";
import { NO_DELAY, onEvent, startApplication } from "../nestjs/application.ts";
import { sluiceServer } from "./sluice-server.ts";

const WORK = "suite.work";
const HAPPENED = "suite.happened";

/** Applications of NestJS. What is sent are events with a destination, since a request that fails is told to who asked, and not retried. */
export async function nestBench(sends: SendMode): Promise<AdapterBench & { close(): Promise<void> }> {
  const server = await sluiceServer(sends, { type: WORK, textOf: (data) => Object(data).text });
  const { connectionString } = server;
  const client = new SluiceClient({ connectionString, name: "sender" });
  const emit = async (pattern: string, data: unknown, by = client): Promise<void> => {
    await lastValueFrom(by.emit(pattern, data), { defaultValue: undefined });
  };
  const record = (text: string, destination: string) => new SluiceRecord({ text }, { destination });
  return {
    ...server,
    async start({ name, concurrency, subscribes, handle }) {
      const own = new SluiceClient({ connectionString, name });
      // A decorator marks the function: each pattern needs one of its own.
      const given =
        () =>
        ({ text }: { text: string }): Promise<void> =>
          handle(text, { send: (to, said) => emit(WORK, record(said, to), own) });
      const { app, strategy } = await startApplication(
        [onEvent(WORK, given()), ...(subscribes ? [onEvent(HAPPENED, given())] : [])],
        { connectionString, component: name, concurrency, sends, retries: { ...NO_DELAY, immediateRetries: 3 } },
        [new TellOriginalErrors()],
      );
      server.endsInCrash(strategy.unwrap<TransportInfrastructure>());
      const stop = async (): Promise<void> => {
        await app.close();
        await own.close();
      };
      server.endsAtClose(stop);
      return { stop };
    },
    send: (to, text) => emit(WORK, record(text, to)),
    publish: (text) => emit(HAPPENED, { text }),
    async close() {
      await client.close();
      await server.close();
    },
  };
}
