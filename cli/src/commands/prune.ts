import type { DeployStep } from "@sluice/transport/deploy";
import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { loadComponents } from "../components/load-components.ts";
import { planText } from "../render/plan-text.ts";
import { lookingAt, withDeployments } from "../server/with-deployments.ts";
import { unlessRefused, YES_OPTIONS } from "./change-question.ts";
import { listenerOf, reportTo } from "./deploy.ts";

export const pruneCommand = command({
  name: "prune",
  summary: "takes away subscriptions and routers that components need no more",
  words: "FILE",
  takes: { least: 1, most: 1 },
  completes: "files",
  about: `Takes away what these versions of the components in FILE need no more: subscriptions, routers of categories, backfills that
    have ended. For when no instance of an older version runs any more. The subscriptions that stay go on without gap or repeat. It
    shows what it is about to do, and asks. Streams are not truncated.`,
  example: "sluice prune ./src/components.ts",
  options: {
    component: { type: "string", multiple: true, value: "NAME", about: "only this one of FILE; may be repeated" },
    ...YES_OPTIONS,
  },
  async run(call) {
    const { words, values, terminal, signal } = call;
    const shapes = await loadComponents(words[0] ?? "", values.component);
    const steps: DeployStep[] = [];
    const plans = await lookingAt(call, (deployments) => deployments.plan(shapes));
    const removing = plans
      .filter(({ removals }) => removals.length > 0)
      .map((plan) => ({ component: plan.component, removals: plan.removals, steps: [], problems: [] }));
    if (removing.length === 0) {
      reportTo(terminal, { steps, problems: [] });
      return EXIT.ok;
    }
    terminal.say(planText(removing, terminal.paint));
    const refused = await unlessRefused(call, "Does no older version run any more, and is this to be taken away?");
    if (refused !== undefined) return refused;
    const prunable = shapes.filter(({ name }) => removing.some(({ component }) => component === name));
    const { problems } = await withDeployments(call, (deployments) =>
      deployments.prune(prunable, listenerOf(terminal, signal, steps)),
    );
    reportTo(terminal, { steps, problems });
    return problems.length > 0 ? EXIT.found : EXIT.ok;
  },
});
