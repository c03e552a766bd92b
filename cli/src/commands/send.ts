import { BODY_OPTIONS, bodyGiven } from "../command-line/body-option.ts";
import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { HEADER_OPTIONS, headersGiven } from "../command-line/header-option.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { seemsDeployed } from "../server/is-deployed.ts";
import { sending } from "../server/sending.ts";

export const sendCommand = command({
  name: "send",
  summary: "sends a command to a component, or publishes an event",
  words: "TYPE",
  takes: { least: 1, most: 1 },
  about: `Sends a command of TYPE to the component that --to names, or publishes an event of it with --publish, and says its id once it is
    stored. The body is stored as it is written. The same --id again is the same message, so a script may repeat it.`,
  example: `sluice send sales.PlaceOrder --to sales --data '{"orderId":"17","total":120}'`,
  options: {
    to: { type: "string", value: "COMPONENT", about: "who handles it" },
    publish: { type: "boolean", about: "publishes an event instead of sending a command" },
    ...BODY_OPTIONS,
    ...HEADER_OPTIONS,
    id: { type: "string", value: "UUID", about: "its id; default: a new one" },
    correlation: { type: "string", value: "ID", about: "its correlation id; default: its own id" },
  },
  async run(call) {
    const { words, values, terminal } = call;
    const [type = ""] = words;
    const { to, publish, id, correlation: correlationId } = values;
    if (publish === (to !== undefined)) throw new UsageError("To whom? Say --to COMPONENT, or --publish for an event.");
    const options = {
      headers: headersGiven(values.header),
      ...(id === undefined ? {} : { id }),
      ...(correlationId === undefined ? {} : { correlationId }),
    };
    const { command: commandOf, event: eventOf } = await import("@sluice/transport");
    const sent = await sending(call, bodyGiven(values), (sender, body) =>
      to === undefined
        ? sender.publish(eventOf(type)<object>(), body, options)
        : sender.send(commandOf(type, { to })<object>(), body, options),
    );
    const isAwaited = to === undefined || (await seemsDeployed(call, to));
    const waits = isAwaited ? "" : ` Nobody has deployed a component "${to}" there: it waits until somebody does.`;
    terminal.print({ id: sent }, `${to === undefined ? "Published" : "Sent"}, as ${sent}.${waits}`);
    return EXIT.ok;
  },
});
