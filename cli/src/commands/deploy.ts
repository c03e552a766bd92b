import type { DeployListener, DeployReport, DeployStep, Problem } from "@sluice/transport/deploy";
import { ACL_OPTIONS, accessGiven } from "../command-line/acl-options.ts";
import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { loadSome } from "../components/load-components.ts";
import { doneText } from "../render/plan-text.ts";
import { problemText } from "../render/problem-text.ts";
import { withDeployments } from "../server/with-deployments.ts";
import type { Terminal } from "../terminal/terminal.ts";

export const deployCommand = command({
  name: "deploy",
  summary: "adds to the server what components need; with --repair mends, with --prune takes away",
  words: "[FILE]",
  takes: { least: 0, most: 1 },
  completes: "files",
  about: `Makes on the server what the components of FILE need and have not yet: groups, routers, filters. It only adds, is
    repeatable, and safe to stop anywhere: what was begun is completed by the next. --repair first puts new generations in place
    of projections that have faulted, were edited or deleted; they go on where those have got to. --prune then takes away what these
    versions no longer need. Without FILE, --repair mends the components that are named. --acl gives the login of each component rights on
    its own streams only; without it, rights stay as they were deployed. Ends with 3 where something still does not run.`,
  example: "sluice deploy ./src/components.ts --prune",
  options: {
    component: { type: "string", multiple: true, value: "NAME", about: "only this one; may be repeated" },
    repair: { type: "boolean", about: "mends projections that have faulted, were edited or deleted" },
    prune: { type: "boolean", about: "takes away what is no longer needed; once no older version runs" },
    ...ACL_OPTIONS,
  },
  async run(call) {
    const { values, words, terminal, signal } = call;
    const { component: only, repair, prune } = values;
    const [file] = words;
    if (file === undefined && (!repair || prune || only.length === 0)) {
      throw new UsageError("Deploy what? Name a FILE, or say sluice deploy --repair --component NAME.");
    }
    const loaded = file === undefined ? { shapes: [], names: [] } : await loadSome(file, only);
    const { shapes } = loaded;
    const access = accessGiven(values, loaded.names);
    const names = file === undefined ? only : shapes.map(({ name }) => name);
    const report = await withDeployments(call, async (deployments) => {
      const steps: DeployStep[] = [];
      const listener = listenerOf(terminal, signal, steps);
      let problems: readonly Problem[] = [];
      if (repair) {
        const reports: DeployReport[] = [];
        for (const name of names) {
          terminal.progress(`repairing ${name} …`);
          const repaired = await deployments.repair(name, listener).catch(unlessNew(file));
          if (repaired !== undefined) reports.push(repaired);
        }
        problems = reports.flatMap((one) => one.problems);
      }
      if (file === undefined) return { steps, problems };
      terminal.progress("deploying …");
      ({ problems } = await deployments.deploy(shapes, { ...listener, access }));
      if (prune) {
        terminal.progress("pruning …");
        ({ problems } = await deployments.prune(shapes, listener));
      }
      return { steps, problems };
    });
    reportTo(terminal, report);
    return report.problems.length > 0 ? EXIT.found : EXIT.ok;
  },
});

/** Told of each step when it is done. */
export const listenerOf = (terminal: Terminal, signal: AbortSignal, steps: DeployStep[]): DeployListener => ({
  signal,
  on: (step) => {
    steps.push(step);
    terminal.say(doneText(step, terminal.paint));
  },
});

/** Says what is left to say when a change has ended. */
export function reportTo(terminal: Terminal, { steps, problems }: DeployReport): void {
  const lines = [
    ...problems.map((problem) => terminal.paint("red", `! ${problemText(problem)}`)),
    steps.length === 0 ? "There was nothing to do." : "Done.",
  ];
  terminal.print({ steps, problems }, lines.join("\n"));
}

/** What was never deployed needs no repair where it is deployed next. */
const unlessNew =
  (file: string | undefined) =>
  (error: unknown): undefined => {
    if (file === undefined || !(error instanceof Error && error.name === "NotDeployed")) throw error;
  };
