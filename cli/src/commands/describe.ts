import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { loadComponents } from "../components/load-components.ts";
import { shapesText } from "../render/shape-text.ts";

export const describeCommand = command({
  name: "describe",
  summary: "the components of a module, as text or as JSON that plan and deploy take",
  words: "FILE",
  takes: { least: 1, most: 1 },
  completes: "files",
  about: `Says what the components of FILE handle, subscribe to and own. With --json it makes what plan, deploy and prune take in the
    place of a module, so that a pipeline deploys without the application's sources and packages. Asks no server.`,
  example: "sluice describe ./src/components.ts --json > components.json",
  options: {
    component: { type: "string", multiple: true, value: "NAME", about: "only this one of FILE; may be repeated" },
  },
  async run({ values, words, terminal }) {
    const shapes = await loadComponents(words[0] ?? "", values.component);
    terminal.print(shapes, shapesText(shapes, terminal.paint));
    return EXIT.ok;
  },
});
