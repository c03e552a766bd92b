import { BODY_OPTIONS, bodyGiven, requireBody } from "../command-line/body-option.ts";
import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { HEADER_OPTIONS, headersGiven } from "../command-line/header-option.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { callerOf } from "../server/caller-of.ts";
import { findParked } from "../server/find-parked.ts";
import { withDeployments } from "../server/with-deployments.ts";
import { editText } from "../terminal/edit-text.ts";

export const editCommand = command({
  name: "parked edit",
  summary: "has another message handled in place of one",
  words: "COMPONENT ID",
  takes: { least: 2, most: 2 },
  about: `Opens the body of a parked message in EDITOR, and has what is saved there handled in its place; --body or --data give it without
    an editor. The one that was parked stays as it was. Nothing happens where nothing was changed.`,
  example: "sluice parked edit billing 4f1c7a02 --body corrected.json",
  options: { ...BODY_OPTIONS, ...HEADER_OPTIONS },
  async run(call) {
    const { words, values, terminal, environment } = call;
    const [component = "", begin = ""] = words;
    const given = bodyGiven(values);
    const headers = headersGiven(values.header);
    return withDeployments(call, async (deployments) => {
      const parked = deployments.parked(component);
      const { id, message } = await findParked(parked, component, begin);
      if (message === undefined) throw new UsageError("The message is gone from the server: it can only be archived.");
      const stored = Buffer.from(message.body).toString("utf8");
      const isTyped = given === undefined && Object.keys(headers).length === 0;
      if (isTyped && !message.isJson) throw new UsageError("The body is no JSON: give another by --body or --data.");
      const json = isTyped ? await editText(`${stored}\n`, `${message.type}.json`, environment) : given;
      if (isTyped && json?.trim() === stored.trim()) {
        terminal.print({ edited: null }, "Nothing was changed, so nothing is done.");
        return EXIT.ok;
      }
      if (json !== undefined) requireBody(json, "the edited body");
      const edited = await parked.edit(
        id,
        { ...(json === undefined ? {} : { json: json.trim() }), headers },
        { by: await callerOf(call) },
      );
      terminal.print({ parked: id, edited }, `The edited message is in the queue, as ${edited}.`);
      return EXIT.ok;
    });
  },
});
