import type { DeployStep } from "@sluice/transport/deploy";
import { command } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import { withDeployments } from "../server/with-deployments.ts";
import { unlessRefused, YES_OPTIONS } from "./change-question.ts";
import { listenerOf, reportTo } from "./deploy.ts";

export const retireCommand = command({
  name: "retire",
  summary: "takes a component away; its streams stay",
  words: "COMPONENT",
  takes: { least: 1, most: 1 },
  about: `Removes the group, the filter and the routers of COMPONENT. Its streams stay, and deployed again it goes on behind what it had
    handled. Waits for instances that have just stopped, and is refused where others go on to receive, or messages wait; --abandon
    leaves these unhandled. Stopped, it goes on with the same command.`,
  example: "sluice retire billing",
  options: {
    abandon: { type: "boolean", about: "leaves messages that wait unhandled" },
    ...YES_OPTIONS,
  },
  async run(call) {
    const { words, values, terminal, signal } = call;
    const [component = ""] = words;
    const refused = await unlessRefused(call, `Take ${component} away?`);
    if (refused !== undefined) return refused;
    const steps: DeployStep[] = [];
    const { problems } = await withDeployments(call, (deployments) =>
      deployments.retire(component, {
        ...listenerOf(terminal, signal, steps),
        abandon: values.abandon,
        onWaiting: ({ consumers, waiting }) =>
          terminal.progress(
            consumers > 0
              ? `waiting for ${consumers} connections to stop receiving …`
              : `waiting for ${waiting} messages to be handled …`,
          ),
      }),
    );
    reportTo(terminal, { steps, problems });
    return EXIT.ok;
  },
});
