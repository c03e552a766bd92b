import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parsedOptions, required } from "./arguments.ts";
import type { Command } from "./command.ts";
import { connect } from "../client/connection.ts";
import { parseConnectionString } from "../client/connection-string.ts";
import { bytesText, output } from "./output.ts";
import { CANCELLED, cancellation, unlessCancelled } from "./signals.ts";
import { Exporter } from "./transfer/exporter.ts";
import { FileWriter } from "./transfer/file-writer.ts";
import { UsageError } from "./usage-error.ts";

const LOOK_EVERY = 100;

export const exportCommand: Command = {
  usage: `sluice-embedded export --connection STRING --to FILE [--json]

Writes everything a team has on a server into a file, to be imported into another one: events, streams' metadata, projections,
groups with what they have handled and parked. Only reads; takes a login that may read everything. A name that ends in .gz makes
it small. The file is whole, or not there at all; Ctrl-C ends it without a trace.
`,
  async run(args) {
    const text = { type: "string" } as const;
    const values = parsedOptions(args, { connection: text, to: text, json: { type: "boolean" } });
    const settings = parseConnectionString(
      required(values.connection, "--connection", "esdb://127.0.0.1:2113?tls=false"),
    );
    const to = resolve(required(values.to, "--to", "FILE, such as --to everything.ndjson.gz"));
    if (existsSync(to)) throw new UsageError(`${to} is there already: give --to another name.`);
    const { say, progress } = output(values.json === true);
    const signal = cancellation();
    const connection = await connect(settings);
    const writer = new FileWriter(to);
    try {
      const exporter = await unlessCancelled(Exporter.of(connection, new Date()), signal);
      const lines = (done: number): void => progress({ lines: done }, `${done} events exported`);
      const end = await unlessCancelled(written(exporter, writer, lines), signal);
      const bytes = statSync(to).size;
      const { streams, events, groups, leftOut } = end;
      const projections = exporter.header.projections.length;
      say(
        "exported",
        { to, bytes, streams, events, tombstones: end.tombstones, projections, groups: groups.length, leftOut },
        [
          `${events} events of ${streams} streams, ${projections} projections and ${groups.length} groups are in ${to}: ${bytesText(bytes)}`,
          ...leftOut.map(({ what, why }) => `left out: ${what}; ${why}`),
        ].join("\n"),
      );
      return 0;
    } catch (error) {
      writer.abandon();
      if (!signal.aborted) throw error;
      say("cancelled", {}, "cancelled; nothing is left of it");
      return CANCELLED;
    } finally {
      connection.close();
    }
  },
};

async function written(exporter: Exporter, writer: FileWriter, onProgress: (lines: number) => void) {
  await writer.write(exporter.header);
  let lines = 0;
  for await (const line of exporter.lines()) {
    await writer.write(line);
    if (++lines % LOOK_EVERY === 0) onProgress(lines);
  }
  const end = exporter.end();
  await writer.end(end);
  return end;
}
