/**
 * Folds into a read model, and kills itself at a commit: right before it, or right behind it.
 *
 *   node crashing-process.ts CONNECTION FILE before|behind N
 */
import { component, startEndpoint } from "@sluice/transport";
import { libraryView } from "../src/library.ts";
import { openReadModel } from "../src/read-model.ts";

const [, , connectionString = "", file = "", moment = "", count = ""] = process.argv;
const model = openReadModel(file);
const { checkpoints } = model;
let commits = 0;
const die = (): Promise<never> => {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
};
const library = libraryView(model, {
  ...checkpoints,
  save: async (view, checkpoint) => {
    commits += 1;
    if (commits === Number(count) && moment === "before") await die();
    await checkpoints.save(view, checkpoint);
    if (commits === Number(count)) await die();
  },
});
await startEndpoint([component("catalog", (c) => c.view(library))], { connectionString });
