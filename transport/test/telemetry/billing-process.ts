import { openTelemetry } from "@sluice/transport/opentelemetry";
import { startEndpoint } from "../../src/index.ts";
import { namesOf } from "../names.ts";
import { recordingProvider } from "./recorded-spans.ts";
import { billing } from "./shop.ts";

/** Bills orders until it is killed, and says each span that ends. Arguments: the connection string, the run. */
const [, , connectionString = "", run = ""] = process.argv;
const traces = recordingProvider((span) => process.stdout.write(`${JSON.stringify(span)}\n`));
await startEndpoint([billing(namesOf(run), 4)], {
  connectionString,
  instrumentation: [openTelemetry({ traces })],
  on: () => {},
});
process.stdout.write("ready\n");
