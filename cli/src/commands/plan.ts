import { ACL_OPTIONS, accessGiven } from "../command-line/acl-options.ts";
import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { loadSome } from "../components/load-components.ts";
import { hasChanges, planText } from "../render/plan-text.ts";
import { lookingAt } from "../server/with-deployments.ts";

export const planCommand = command({
  name: "plan",
  summary: "what deploying would create, change and take away; changes nothing",
  words: "FILE",
  takes: { least: 1, most: 1 },
  completes: "files",
  about: `Compares the components of FILE with the server: what deploy would add, what --prune would take away, and what does not
    run as it was deployed. FILE is a module that exports components, or JSON made by sluice describe. Ends with 3 where there is
    something to do, so that CI can ask for a deployment. With --acl it says which rights on streams would change, too, and which streams
    get none beforehand.`,
  example: "sluice plan ./src/components.ts",
  options: {
    component: { type: "string", multiple: true, value: "NAME", about: "only this one of FILE; may be repeated" },
    prune: { type: "boolean", about: "what --prune would take away is something to do, too" },
    ...ACL_OPTIONS,
  },
  async run(call) {
    const { values, words, terminal } = call;
    const { shapes, names } = await loadSome(words[0] ?? "", values.component);
    const access = accessGiven(values, names);
    const plans = await lookingAt(call, (deployments) => deployments.plan(shapes, { access }));
    terminal.print(plans, planText(plans, terminal.paint));
    return hasChanges(plans, values.prune) ? EXIT.found : EXIT.ok;
  },
});
