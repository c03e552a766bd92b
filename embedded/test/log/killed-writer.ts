/**
 * Writes into a log until it is killed, and says what was acknowledged: `killed-writer.ts DIR FIRST`. Write n has n % 5 + 1
 * events of the number n; a few are large, so that the tables are brought up to them often, and the journal goes round.
 */
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { Log } from "../../src/log/log.ts";

const [directory = "", first = "0"] = process.argv.slice(2);
const log = Log.open({ location: { directory }, now: Date.now });
let next = Number(first);

async function writer(name: string): Promise<void> {
  for (;;) {
    const n = next++;
    const padding = "x".repeat(n % 7 === 0 ? 300_000 : 100);
    const events = Array.from({ length: (n % 5) + 1 }, () => ({
      id: randomUUID(),
      type: "Numbered",
      isJson: true,
      data: Buffer.from(JSON.stringify({ n, padding })),
      metadata: Buffer.alloc(0),
    }));
    await log.stage([{ stream: `${name}-${n % 50}`, events }]);
    writeSync(1, `${n}\n`);
  }
}

writeSync(1, "ready\n");
await Promise.all(["a", "b", "c", "d"].map(writer));
