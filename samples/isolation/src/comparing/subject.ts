import { startEndpoint } from "@sluice/transport";
import { Heaps } from "../isolated.ts";
import { pricing } from "../pricing.ts";
import { costOf } from "./cost.ts";
import { pricingInSharedHeap } from "./shared-heap.ts";

/**
 * A process with the component, of one kind, on a server outside: whatever becomes of it, the program that compares goes on.
 *
 *   subject.ts shared|own CONNECTION [cost]
 */
const [kind, connectionString = "", task] = process.argv.slice(2);
const component = kind === "shared" ? pricingInSharedHeap() : pricing(new Heaps());
if (task === "cost") {
  process.stdout.write(`${JSON.stringify(await costOf(component, connectionString))}\n`, () => process.exit());
} else {
  await startEndpoint([component], { connectionString });
  process.stdout.write("ready\n");
}
