import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { parkedMessageText } from "../render/parked-text.ts";
import { parkedValue } from "../render/parked-value.ts";
import { findParked } from "../server/find-parked.ts";
import { lookingAt } from "../server/with-deployments.ts";

export const showCommand = command({
  name: "parked show",
  summary: "all of one: why it has failed, its headers, its body",
  words: "COMPONENT ID",
  takes: { least: 2, most: 2 },
  about:
    "Shows a parked message: the exception, when and how often it failed, its headers and its body. The beginning of an ID does.",
  example: "sluice parked show billing 4f1c7a02",
  options: {},
  async run(call) {
    const [component = "", id = ""] = call.words;
    const parked = await lookingAt(call, (deployments) => findParked(deployments.parked(component), component, id));
    call.terminal.print(parkedValue(parked), parkedMessageText(parked, call.terminal.paint));
    return EXIT.ok;
  },
});
