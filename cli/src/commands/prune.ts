import type { DeployStep } from "@sluice/transport/deploy";
import { command } from "../command-line/command.ts";
import { countGiven } from "../command-line/count-option.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { loadComponents } from "../components/load-components.ts";
import { planText } from "../render/plan-text.ts";
import { lookingAt, withDeployments } from "../server/with-deployments.ts";
import { unlessRefused, YES_OPTIONS } from "./change-question.ts";
import { listenerOf, reportTo } from "./deploy.ts";
import { truncateStreams } from "./truncate-streams.ts";

export const pruneCommand = command({
  name: "prune",
  summary: "takes away subscriptions and routers that components no longer need; with --streams, truncates",
  words: "[FILE]",
  takes: { least: 0, most: 1 },
  completes: "files",
  about: `Takes away what these versions of the components in FILE no longer need: subscriptions, routers of categories, backfills that
    have ended. For when no instance of an older version is running. The subscriptions that stay go on without gap or repeat. It
    shows what it is about to do, and asks. With --streams, and without FILE, it says of the streams of all components what may be
    truncated without any receiver, view, filter or repair losing anything, and for each why the rest stays; it asks, and does it.`,
  example: "sluice prune ./src/components.ts",
  options: {
    component: { type: "string", multiple: true, value: "NAME", about: "only this one of FILE; may be repeated" },
    streams: { type: "boolean", about: "truncates streams, instead of what FILE no longer needs" },
    keep: { type: "string", value: "COUNT", about: "with --streams: events that stay in any case; default: 10000" },
    ...YES_OPTIONS,
  },
  async run(call) {
    const { words, values, terminal, signal } = call;
    if (values.streams) {
      if (words.length > 0) throw new UsageError("--streams is about all components of the server: leave FILE out.");
      return truncateStreams(call, countGiven("keep", values.keep));
    }
    if (words.length === 0) throw new UsageError("Prune what? Name a FILE, or say --streams.");
    if (values.keep !== undefined) throw new UsageError("--keep is about truncating streams: say --streams, too.");
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
    const refused = await unlessRefused(call, "Is no older version running any more, and should this be taken away?");
    if (refused !== undefined) return refused;
    const prunable = shapes.filter(({ name }) => removing.some(({ component }) => component === name));
    const { problems } = await withDeployments(call, (deployments) =>
      deployments.prune(prunable, listenerOf(terminal, signal, steps)),
    );
    reportTo(terminal, { steps, problems });
    return problems.length > 0 ? EXIT.found : EXIT.ok;
  },
});
