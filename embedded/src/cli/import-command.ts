import { resolve } from "node:path";
import { parsedOptions, required } from "./arguments.ts";
import type { Command } from "./command.ts";
import { connect } from "../client/connection.ts";
import { parseConnectionString } from "../client/connection-string.ts";
import { output } from "./output.ts";
import { CANCELLED, cancellation, unlessCancelled } from "./signals.ts";
import { FileReader } from "./transfer/file-reader.ts";
import { Importer } from "./transfer/importer.ts";
import { reportText } from "./transfer/report-text.ts";

const FAULTED = 1;
/** Lines between two looks at the clock. */
const LOOK_EVERY = 100;

export const importCommand: Command = {
  usage: `sluice-embedded import --from FILE --connection STRING [--json]

Brings what was exported to a server that nobody has used yet: another of this kind, EventStoreDB or KurrentDB. Projections and
groups go on there where they stood. Interrupted, by Ctrl-C too, it goes on when it is started again. Takes a login that may do
everything, such as admin.
`,
  async run(args) {
    const text = { type: "string" } as const;
    const values = parsedOptions(args, { from: text, connection: text, json: { type: "boolean" } });
    const from = resolve(required(values.from, "--from", "FILE, one that sluice-embedded export has made"));
    const settings = parseConnectionString(
      required(values.connection, "--connection", "esdb://admin:PASSWORD@cluster.example:2113"),
    );
    const { say, progress } = output(values.json === true);
    const signal = cancellation();
    let looks = 0;
    const show = (stage: string, done: number, of: number): void => {
      if (looks++ % LOOK_EVERY === 0) progress({ stage, done, of }, `${stage}: ${done} of ${of}`);
    };
    try {
      const file = await FileReader.open(from, (lines) => show("reading the file", lines, lines), signal);
      const connection = await connect(settings);
      try {
        const { events, tombstones } = file.end;
        const importer = new Importer(
          connection,
          file,
          (stage, done) => show(stage, done, events + tombstones),
          signal,
        );
        const report = await unlessCancelled(importer.run(), signal);
        say("imported", report, reportText(report));
        return Object.keys(report.faulted).length > 0 ? FAULTED : 0;
      } finally {
        connection.close();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      say("cancelled", {}, "cancelled; start it again, and it goes on");
      return CANCELLED;
    }
  },
};
