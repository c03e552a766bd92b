import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { diagnose } from "../doctor/diagnose.ts";
import { findingsText } from "../render/findings-text.ts";
import { connectionOf } from "../server/connection-of.ts";
import { lookingAt } from "../server/with-deployments.ts";

const LAG_SECONDS = 60;

export const doctorCommand = command({
  name: "doctor",
  summary: "looks a server over: what has faulted, stands still, waits, is parked, and what helps",
  words: "",
  takes: { least: 0, most: 0 },
  about: `Looks at a server and its components: version and what it can do, its clock, the rights of the login, $by_category,
    projections that have faulted, were edited, stopped or deleted, deployments that were cut off, messages that wait for long or are
    parked, and streams that have grown large. Each finding says what helps. Ends with 3 where there is a problem; warnings are none.
    Changes nothing.`,
  example: "sluice doctor --lag 300",
  options: {
    lag: {
      type: "string",
      value: "SECONDS",
      about: `a message that waits longer is a problem; default: ${LAG_SECONDS}`,
    },
  },
  async run(call) {
    const { values, environment, terminal, signal } = call;
    const lag = secondsOf(values.lag);
    const connection = connectionOf(values.connection, environment);
    const { examine } = await import("../doctor/examine.ts");
    const examination = await lookingAt(call, (deployments) =>
      examine(connection, deployments, signal, terminal.progress),
    );
    const findings = diagnose(examination, { lag: lag * 1000 });
    const { server, version, sizes } = examination;
    terminal.print({ server, version, findings, streams: sizes }, findingsText(server, findings, terminal.paint));
    return findings.some(({ severity }) => severity === "problem") ? EXIT.found : EXIT.ok;
  },
});

function secondsOf(text: string | undefined): number {
  if (text === undefined) return LAG_SECONDS;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--lag takes a number of seconds, such as 300, not "${text}".`);
}
