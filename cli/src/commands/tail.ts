import { command } from "../command-line/command.ts";
import { countGiven } from "../command-line/count-option.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { messageText, messageValue } from "../render/message-text.ts";
import { connectionOf } from "../server/connection-of.ts";
import { seemsDeployed } from "../server/is-deployed.ts";
import type { Source } from "../server/raw-events.ts";

export const tailCommand = command({
  name: "tail",
  summary: "follows the messages of a component, a stream or a type",
  words: "[COMPONENT]",
  takes: { least: 0, most: 1 },
  about: `Prints messages as they come: those in the queue of COMPONENT, those of --stream, or those of --type, wherever they are. With
    --json each is a line of JSON. Ctrl-C ends it, as does --count. Where the server goes away it waits, and goes on behind what came
    last. It takes nothing away from those who handle them.`,
  example: "sluice tail billing --json | jq .body",
  options: {
    stream: { type: "string", value: "NAME", about: "follows a stream, such as order-17 or $ce-order" },
    type: { type: "string", value: "TYPE", about: "follows a type of message over all streams" },
    from: {
      type: "string",
      value: "PLACE",
      choices: ["start", "end"],
      about: "start for all there is first; default: end",
    },
    count: { type: "string", value: "COUNT", about: "ends after so many" },
  },
  async run(call) {
    const { words, values, environment, terminal, signal } = call;
    const connectionString = connectionOf(values.connection, environment);
    const count = countGiven("count", values.count) ?? Number.POSITIVE_INFINITY;
    const [component] = words;
    const source = await sourceOf(component, values);
    if (component !== undefined && !(await seemsDeployed(call, component)))
      terminal.say(`Nobody has deployed a component "${component}" there. Following its queue all the same.`);
    const { follow } = await import("../server/follow.ts");
    let seen = 0;
    try {
      const onAway = (wait: number): void =>
        terminal.progress(`the server is away; looking for it again in ${Math.ceil(wait / 1000)} s …`);
      for await (const event of follow(connectionString, source, signal, onAway)) {
        terminal.print(messageValue(event), messageText(event, terminal.paint));
        if (++seen >= count) break;
      }
    } catch (error) {
      // That is how one ends it.
      if (!signal.aborted) throw error;
    }
    return EXIT.ok;
  },
});

async function sourceOf(
  component: string | undefined,
  {
    stream,
    type,
    from = "end",
  }: { readonly stream: string | undefined; readonly type: string | undefined; readonly from: string | undefined },
): Promise<Source> {
  if (from !== "start" && from !== "end") throw new UsageError(`--from takes start or end, not "${from}".`);
  const { queueStream, requireComponentName, requireMessageType } = await import("@sluice/transport/topology");
  if ([component, stream, type].filter((one) => one !== undefined).length !== 1) {
    throw new UsageError("Follow what? Name a COMPONENT, or say --stream NAME or --type TYPE.");
  }
  if (stream !== undefined) return { stream, from };
  if (type !== undefined) {
    requireMessageType(type);
    return { type, from };
  }
  requireComponentName(component ?? "");
  return { stream: queueStream(component ?? ""), from };
}
