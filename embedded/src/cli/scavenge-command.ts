import { monitoringService } from "../grpc/wire/monitoring.ts";
import { operationsService } from "../grpc/wire/operations.ts";
import { streamsService } from "../grpc/wire/streams.ts";
import { streamOf } from "../streams/scavenge-history.ts";
import { parsedOptions, required } from "./arguments.ts";
import type { Command } from "./command.ts";
import { connect, type Connection } from "../client/connection.ts";
import { parseConnectionString } from "../client/connection-string.ts";
import { bytesText, type Output, output } from "./output.ts";
import { CANCELLED, cancellation } from "./signals.ts";

const LOOK_MS = 500n;

/** How a scavenge has ended, as its record says. */
interface Ending {
  readonly result: string;
  readonly error?: string;
  readonly spaceSaved?: number;
  readonly eventsRemoved?: number;
}

export const scavengeCommand: Command = {
  usage: `sluice-embedded scavenge --connection STRING [--json]

Has a running server give back the space of events that nobody can read any more: deleted, truncated, expired. It serves
on meanwhile. Ctrl-C stops it; what is given back until then stays so. Takes a login that may operate the server.
`,
  async run(args) {
    const text = { type: "string" } as const;
    const values = parsedOptions(args, { connection: text, json: { type: "boolean" } });
    const settings = parseConnectionString(
      required(values.connection, "--connection", "esdb://127.0.0.1:2113?tls=false"),
    );
    const signal = cancellation();
    const connection = await connect(settings);
    try {
      return await scavenge(connection, output(values.json === true), signal);
    } finally {
      connection.close();
    }
  },
};

async function scavenge(connection: Connection, { say, progress }: Output, signal: AbortSignal): Promise<number> {
  const { startScavenge, stopScavenge } = operationsService.methods;
  const { scavengeId: id, scavengeResult } = await connection.unary(operationsService, startScavenge, {});
  const isNew = scavengeResult === "Started";
  say("started", { id, isNew }, isNew ? `scavenge ${id} has begun` : `scavenge ${id} is under way already`);
  let isOver = false;
  // What keeps the figures from coming keeps the end from coming, too, and is told there.
  const watching = watch(connection, progress, () => isOver).catch(() => {});
  const stop = async (): Promise<void> => {
    // One that ends by itself meanwhile is not there to be stopped.
    await connection.unary(operationsService, stopScavenge, { options: { scavengeId: id } }).catch(() => {});
  };
  if (signal.aborted) await stop();
  else signal.addEventListener("abort", () => void stop());
  const ending = await endingOf(connection, id);
  isOver = true;
  await watching;
  const { result, eventsRemoved = 0, spaceSaved = 0, error = "" } = ending;
  const given = `${eventsRemoved} events, ${bytesText(spaceSaved)} given back`;
  const how = result === "Success" ? "done" : result === "Stopped" ? "stopped" : `${result}: ${error}`;
  say("ended", { id, ...ending }, `${how}; ${given}`);
  if (result === "Success") return 0;
  return signal.aborted ? CANCELLED : 1;
}

/** Shows how far the server is, twice a second. */
async function watch(connection: Connection, progress: Output["progress"], isOver: () => boolean): Promise<void> {
  const { stats } = monitoringService.methods;
  const figures = connection.serverStream(monitoringService, stats, { refreshTimePeriodInMs: LOOK_MS });
  for await (const { stats: now } of figures) {
    const events = Number(now.get("scavenge-events") ?? 0);
    const bytes = Number(now.get("scavenge-bytes") ?? 0);
    progress({ events, bytes }, `${events} events, ${bytesText(bytes)} given back so far`);
    // Of one that is over soon, too, it has been shown once.
    if (isOver()) return;
  }
}

/** Waits for the end that is put on record. */
async function endingOf(connection: Connection, id: string): Promise<Ending> {
  const record = connection.serverStream(streamsService, streamsService.methods.read, {
    options: {
      streamOption: {
        case: "stream",
        value: { streamIdentifier: streamOf(id), revisionOption: { case: "revision", value: 0 } },
      },
      readDirection: "forwards",
      countOption: { case: "subscription" },
      filterOption: { case: "noFilter" },
      uuidOption: { content: { case: "string" } },
    },
  });
  for await (const { content } of record) {
    if (content?.case !== "event") continue;
    const event = content.value.event;
    if (event?.metadata.get("type") === "$scavengeCompleted") return JSON.parse(event.data.toString()) as Ending;
  }
  throw new Error("The server has ended the call before the scavenge was over. Look at its log, and start it again.");
}
