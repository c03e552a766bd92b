import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { countGiven } from "../command-line/count-option.ts";
import { type ParkedOf, parkedText } from "../render/parked-text.ts";
import { requireDeployed } from "../server/is-deployed.ts";
import { lookingAt } from "../server/with-deployments.ts";
import { parkedValue } from "../render/parked-value.ts";

export const listCommand = command({
  name: "parked list",
  summary: "what is parked, by why it has failed",
  words: "[COMPONENT]",
  takes: { least: 0, most: 1 },
  about: `Lists what is parked and nobody has dealt with, by failure group: the exception and the first frame of the application's own.
    With COMPONENT its messages, too, the oldest first.`,
  example: "sluice parked list billing --limit 10",
  options: {
    group: { type: "string", value: "GROUP", about: "only messages of this failure group" },
    limit: { type: "string", value: "COUNT", about: "messages at most; default: 50" },
    from: { type: "string", value: "PLACE", about: "where the next page begins, as the one before says" },
  },
  async run(call) {
    const { words, values, terminal } = call;
    const limit = countGiven("limit", values.limit) ?? 50;
    const [component] = words;
    const all = await lookingAt(call, async (deployments): Promise<readonly ParkedOf[]> => {
      if (component !== undefined) {
        const parked = deployments.parked(component);
        const groups = await parked.groups();
        const page = await parked.list({
          limit,
          from: values.from,
          ...(values.group === undefined ? {} : { failureGroup: values.group }),
        });
        if (groups.length === 0) await requireDeployed(deployments, component);
        return [{ component, groups, page }];
      }
      const { components } = await deployments.observe();
      const found: ParkedOf[] = [];
      for (const { name, group } of components) {
        if ((group?.parked ?? 0) > 0) found.push({ component: name, groups: await deployments.parked(name).groups() });
      }
      return found.filter(({ groups }) => groups.length > 0);
    });
    terminal.print(
      all.map(({ component: name, groups, page }) => ({
        component: name,
        groups,
        ...(page === undefined ? {} : { messages: page.messages.map(parkedValue), next: page.next }),
      })),
      parkedText(all, terminal.paint),
    );
    return EXIT.ok;
  },
});
