import { existsSync, rmdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { backup, PARTIAL_FILE, removePartial, restore } from "../log/backup.ts";
import { DATA_FILE } from "../log/database.ts";
import { parsedOptions, required } from "./arguments.ts";
import type { Command } from "./command.ts";
import { bytesText, output } from "./output.ts";
import { CANCELLED, cancellation, unlessCancelled } from "./signals.ts";

const LOOK_MS = 200;

interface Copying {
  /** "backup" or "restore". */
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly isJson: boolean;
  readonly copy: (from: string, to: string) => Promise<number>;
}

export const backupCommand: Command = {
  usage: `sluice-embedded backup --data DIR --to DIR [--json]

Copies the events of a data directory, as they are at this moment, into a directory of its own. A server may run on them
meanwhile. The copy is whole and compact, or not there at all; Ctrl-C ends it without a trace.
`,
  async run(args) {
    const values = parsedOptions(args, { data: TEXT, to: TEXT, json: FLAG });
    return copying({
      event: "backup",
      from: required(values.data, "--data", "DIR, the directory to copy"),
      to: required(values.to, "--to", "DIR, a directory that is empty or not there yet"),
      isJson: values.json === true,
      copy: backup,
    });
  },
};

export const restoreCommand: Command = {
  usage: `sluice-embedded restore --from DIR --data DIR [--json]

Makes a data directory, which is empty or not there yet, from a backup. Ctrl-C ends it without a trace.
`,
  async run(args) {
    const values = parsedOptions(args, { from: TEXT, data: TEXT, json: FLAG });
    return copying({
      event: "restore",
      from: required(values.from, "--from", "DIR, the backup"),
      to: required(values.data, "--data", "DIR, a directory that is empty or not there yet"),
      isJson: values.json === true,
      copy: restore,
    });
  },
};

const TEXT = { type: "string" } as const;
const FLAG = { type: "boolean" } as const;

async function copying({ event, from, to, isJson, copy }: Copying): Promise<number> {
  const { say, progress } = output(isJson);
  const signal = cancellation();
  const wasThere = existsSync(to);
  const partial = join(to, PARTIAL_FILE);
  const total = sizeOf(join(from, DATA_FILE));
  const look = setInterval(() => {
    const copied = sizeOf(partial);
    progress({ bytes: copied, ofAtMost: total }, `${bytesText(copied)} of at most ${bytesText(total)} copied`);
  }, LOOK_MS);
  try {
    const copied = await unlessCancelled(copy(from, to), signal);
    const text = `${event} of ${resolve(from)} is in ${resolve(to)}: ${bytesText(copied)}`;
    say(event, { from: resolve(from), to: resolve(to), bytes: copied }, text);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    // What still writes to the file writes to one without a name, and ends with this process.
    removePartial(to);
    if (!wasThere) rmdirSync(to);
    say("cancelled", {}, `cancelled; ${resolve(to)} is as it was`);
    return CANCELLED;
  } finally {
    clearInterval(look);
  }
}

/** 0 for a file that is not there, or that this user may not see: copying says so. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
