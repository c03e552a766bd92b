import { command } from "../command-line/command.ts";
import { countGiven } from "../command-line/count-option.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { deployedText, historyText } from "../render/deployments-text.ts";
import { requireDeployed } from "../server/is-deployed.ts";
import { lookingAt } from "../server/with-deployments.ts";

export const deploymentsCommand = command({
  name: "deployments",
  summary: "what is deployed; of one component who changed it, and when",
  words: "[COMPONENT]",
  takes: { least: 0, most: 1 },
  about: `Lists the components of a server: how each stands, who receives, what waits. With COMPONENT its history: who has deployed, pruned,
    repaired and retired it, and when, the last one first.`,
  example: "sluice deployments billing",
  options: { limit: { type: "string", value: "COUNT", about: "deployments of COMPONENT at most; default: 100" } },
  async run(call) {
    const { words, values, terminal } = call;
    const [component] = words;
    const limit = countGiven("limit", values.limit);
    if (component === undefined) {
      const { components } = await lookingAt(call, (deployments) => deployments.observe());
      const told = components.map(({ name, deployed, open, problems, group }) => ({
        name,
        deployed,
        open,
        problems,
        group,
      }));
      terminal.print(told, deployedText(components, terminal.paint));
    } else {
      const entries = await lookingAt(call, async (deployments) => {
        const found = await deployments.history(component, limit);
        if (found.length === 0) await requireDeployed(deployments, component);
        return found;
      });
      terminal.print(entries, historyText(entries, terminal.paint));
    }
    return EXIT.ok;
  },
});
