import { deploy, plan } from "@sluice/transport";
import { components } from "./components.ts";

/** Adds to a server what the components need; `--dry-run` only says what that would be. Repeatable, and safe to stop anywhere. */
const connectionString = process.env["SLUICE_CONNECTION"];
if (connectionString === undefined) {
  console.error("Set SLUICE_CONNECTION to the server's connection string, such as esdb://127.0.0.1:2113?tls=false.");
  process.exit(2);
}
if (process.argv.includes("--dry-run")) {
  for (const { component, steps } of await plan(components, { connectionString })) {
    for (const step of steps) console.log(`${component}: ${step.action} ${step.kind} ${step.name}`);
  }
} else {
  await deploy(components, {
    connectionString,
    on: ({ action, kind, name }) => console.log(`${action} ${kind} ${name}`),
  });
}
