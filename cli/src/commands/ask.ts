import { BODY_OPTIONS, bodyGiven } from "../command-line/body-option.ts";
import { command } from "../command-line/command.ts";
import { countGiven } from "../command-line/count-option.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { HEADER_OPTIONS, headersGiven } from "../command-line/header-option.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { sending } from "../server/sending.ts";
import { printable } from "../terminal/printable.ts";

export const askCommand = command({
  name: "ask",
  summary: "sends a command and waits for its reply",
  words: "TYPE",
  takes: { least: 1, most: 1 },
  about: `Sends a command of TYPE to the component that --to names, waits for the reply of type --reply, and prints its body. A handler
    that fails gives none. Asked again with the same --id it gets the reply that came meanwhile.`,
  example: `sluice ask billing.ChargeCard --to billing --reply billing.CardCharged --data '{"orderId":"17","amount":120}'`,
  options: {
    to: { type: "string", value: "COMPONENT", about: "who handles it" },
    reply: { type: "string", value: "TYPE", about: "the type of the reply" },
    timeout: { type: "string", value: "SECONDS", about: "how long to wait; default: 30" },
    ...BODY_OPTIONS,
    ...HEADER_OPTIONS,
    id: { type: "string", value: "UUID", about: "its id; default: a new one" },
  },
  async run(call) {
    const { words, values, terminal, signal } = call;
    const [type = ""] = words;
    const { to, reply, id } = values;
    if (to === undefined || reply === undefined) throw new UsageError("Say --to COMPONENT and --reply TYPE.");
    const timeout = (countGiven("timeout", values.timeout) ?? 30) * 1000;
    const { command: commandOf, reply: replyOf } = await import("@sluice/transport");
    terminal.progress("waiting for the reply …");
    const answer = await sending(call, bodyGiven(values), (sender, body) =>
      sender.ask(commandOf(type, { to })<object>(), body, replyOf(reply)<object>(), {
        timeout,
        signal,
        headers: headersGiven(values.header),
        ...(id === undefined ? {} : { id }),
      }),
    );
    terminal.print(answer, printable(JSON.stringify(answer, undefined, 2)));
    return EXIT.ok;
  },
});
