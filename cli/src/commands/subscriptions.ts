import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { tableText } from "../render/table-text.ts";
import { requireDeployed } from "../server/is-deployed.ts";
import { lookingAt } from "../server/with-deployments.ts";

export const subscriptionsCommand = command({
  name: "subscriptions",
  summary: "who subscribes to what",
  words: "[COMPONENT]",
  takes: { least: 0, most: 1 },
  about: `Lists the events that components subscribe to, as they are deployed, each with the place of the log from which on it gets them;
    of all components, or of one. --event says who gets a type of event, by a wildcard, too; not who gets it as an extension of another.`,
  example: "sluice subscriptions --event sales.OrderPlaced",
  options: { event: { type: "string", value: "TYPE", about: "only subscriptions that get this type" } },
  async run(call) {
    const { words, values, terminal } = call;
    const { matches } = await import("@sluice/transport/topology");
    const { event } = values;
    const [component] = words;
    const { components } = await lookingAt(call, async (deployments) => {
      const observed = await deployments.observe();
      const isKnown = component === undefined || observed.components.some(({ name }) => name === component);
      if (!isKnown) await requireDeployed(deployments, component);
      return observed;
    });
    const found = components
      .filter(({ name, deployed }) => (component ?? name) === name && deployed?.group !== undefined)
      .flatMap(({ name, deployed }) =>
        Object.entries(deployed?.filter?.subscriptions ?? {})
          .filter(([pattern]) => event === undefined || matches(pattern, event, []))
          .map(([pattern, { from, since }]) => ({ component: name, pattern, from, since })),
      );
    const rows = found.map(({ component: name, pattern, from, since }) => [
      name,
      pattern,
      from === "start" ? "the start" : `position ${since}`,
    ]);
    const text = tableText(["COMPONENT", "EVENTS", "FROM"], rows, terminal.paint).join("\n");
    terminal.print(found, found.length === 0 ? "Nobody subscribes to anything." : text);
    return EXIT.ok;
  },
});
