import type { DeployListener, DeployReport } from "@sluice/transport/deploy";
import { commands, l10n, ProgressLocation, window } from "vscode";
import type { Connections, WriteIntent } from "../connections/connections.ts";
import { showError } from "../connections/show-error.ts";
import { plainText } from "../notifications/plain-text.ts";
import type { ServerWriter } from "../server/server.ts";
import { NotRetirableError } from "../server/server-errors.ts";
import type { ServerWatch } from "../server/server-watch.ts";
import { type ComponentTarget, SHOW_PLAN_COMMAND } from "./component-commands.ts";
import { type ComponentStatus, isRepairable, isThere } from "./component-status.ts";
import { waitingOf } from "./component-rows.ts";
import { doneStepText, plannedStepText, problemSentence, stateSentence } from "./component-words.ts";
import type { ComponentsModel } from "./components-model.ts";

/** What changing components stands on. */
export interface ChangeOptions {
  readonly connections: Connections;
  readonly server: ServerWatch;
  readonly model: ComponentsModel;
}

/** A change of one component on its server, as the user asks for it. */
export type ChangeComponent = (options: ChangeOptions, target: ComponentTarget) => Promise<void>;

/** Adds what a component needs and has not yet. */
export const deployComponent: ChangeComponent = async (options, target) => {
  const status = await lookedAt(options, target);
  const shape = status?.declared?.shape;
  if (status === undefined) return sayGone(target);
  if (shape === undefined) {
    return say(l10n.t("{0} is not declared in this workspace in a way that can be read here.", target.component));
  }
  const steps = status.plan?.steps ?? [];
  const stands = status.problems.filter(({ why }) => why !== "missing");
  if (steps.length === 0 && status.observed?.open === undefined) {
    const prune = l10n.t("Show Plan");
    const isPrunable = (status.plan?.removals.length ?? 0) > 0;
    const sentence = l10n.t("There is nothing to deploy: {0} is on the server as it is declared.", target.component);
    const left = isPrunable ? l10n.t("What it needs no more is taken away by Prune.") : "";
    const problems = stands.map(problemSentence).join(" ");
    const answer = await window.showInformationMessage(
      plainText([sentence, left, problems].filter((one) => one !== "").join(" ")),
      ...(isPrunable ? [prune] : []),
    );
    if (answer === prune) await commands.executeCommand(SHOW_PLAN_COMMAND, target);
    return;
  }
  const lines = [
    ...(status.observed?.open === undefined ? [] : [stateSentence("interrupted")]),
    ...steps.map((step) => `– ${plannedStepText(step)}`),
  ];
  await changed(options, target, {
    intent: { what: l10n.t("Deploy {0}", target.component), question: { button: l10n.t("Deploy"), lines } },
    title: l10n.t("Deploying {0}", target.component),
    done: l10n.t("{0} is deployed.", target.component),
    change: (writer, listener) => writer.deploy(shape, listener),
  });
};

/** Puts new generations in the place of what has faulted, was edited or deleted. */
export const repairComponent: ChangeComponent = async (options, target) => {
  const status = await lookedAt(options, target);
  if (status === undefined) return sayGone(target);
  if (!isRepairable(status)) {
    return say(l10n.t("There is nothing to repair: no projection of {0} has faulted or was edited.", target.component));
  }
  const lines = [
    ...status.problems.map((problem) => `– ${problemSentence(problem)}`),
    l10n.t("The new ones go on where these have got to: nothing is lost, and nothing handled twice."),
  ];
  await changed(options, target, {
    intent: { what: l10n.t("Repair {0}", target.component), question: { button: l10n.t("Repair"), lines } },
    title: l10n.t("Repairing {0}", target.component),
    done: l10n.t("{0} is repaired.", target.component),
    change: (writer, listener) => writer.repair(target.component, listener),
  });
};

/** Takes away what a component needs no more. */
export const pruneComponent: ChangeComponent = async (options, target) => {
  const status = await lookedAt(options, target);
  const shape = status?.declared?.shape;
  const removals = status?.plan?.removals ?? [];
  if (status === undefined) return sayGone(target);
  if (shape === undefined || removals.length === 0) {
    return say(l10n.t("There is nothing to prune: {0} needs all that it has on the server.", target.component));
  }
  const lines = [
    ...removals.map((step) => `– ${plannedStepText(step)}`),
    l10n.t("Do this when no instance of an older version runs any more."),
  ];
  await changed(options, target, {
    intent: { what: l10n.t("Prune {0}", target.component), question: { button: l10n.t("Prune"), lines } },
    title: l10n.t("Pruning {0}", target.component),
    done: l10n.t("{0} is pruned.", target.component),
    change: (writer, listener) => writer.prune(shape, listener),
  });
};

/** Takes a component away; where messages wait that would stay unhandled, it asks again. */
export const retireComponent: ChangeComponent = async (options, target) => {
  const status = await lookedAt(options, target);
  if (status === undefined || !isThere(status.observed)) return sayGone(target);
  const waiting = waitingOf(status) ?? 0;
  const { view } = options.server;
  const groups = view.kind === "seen" ? view.failed.get(target.component) : undefined;
  const failed = groups?.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const lines = [
    l10n.t("Its group, its filter and its routers are removed. Its streams stay."),
    ...(waiting > 0 ? [l10n.t("{0} messages wait in its queue.", waiting.toLocaleString())] : []),
    ...(failed > 0 ? [l10n.t("{0} failed messages are put aside.", failed.toLocaleString())] : []),
  ];
  const retire = (abandon: boolean, of: readonly string[]): Promise<unknown> =>
    changed(options, target, {
      intent: {
        what: abandon
          ? l10n.t("Retire {0} and leave what waits unhandled", target.component)
          : l10n.t("Retire {0}", target.component),
        question: { button: l10n.t("Retire"), lines: of },
      },
      title: l10n.t("Retiring {0}", target.component),
      done: l10n.t("{0} is retired. Its streams are still there.", target.component),
      change: (writer, listener, report) =>
        writer.retire(target.component, {
          ...listener,
          abandon,
          onWaiting: ({ consumers, waiting: left }) =>
            report(
              consumers > 0
                ? l10n.t("waiting for {0} receivers to stop", consumers)
                : l10n.t("waiting for {0} messages to be handled", left),
            ),
        }),
    });
  const refused = await retire(false, lines);
  if (refused instanceof NotRetirableError && refused.consumers === 0) await retire(true, [refused.message]);
};

interface Changing {
  readonly intent: WriteIntent;
  readonly title: string;
  readonly done: string;
  readonly change: (
    writer: ServerWriter,
    listener: DeployListener,
    report: (message: string) => void,
  ) => Promise<DeployReport>;
}

/** Does it with progress, until it is done or stopped. Answers why it is refused where that leads on, and undefined otherwise. */
async function changed(
  { connections, server }: ChangeOptions,
  { connectionId }: ComponentTarget,
  { intent, title, done, change }: Changing,
): Promise<NotRetirableError | undefined> {
  const stop = new AbortController();
  try {
    const writer = await connections.openServerForWriting(connectionId, intent);
    const options = { location: ProgressLocation.Notification, title: plainText(title), cancellable: true };
    const report = await window.withProgress(options, async (progress, cancelled) => {
      cancelled.onCancellationRequested(() => stop.abort());
      const tell = (message: string): void => progress.report({ message });
      return change(writer, { signal: stop.signal, on: (step) => tell(doneStepText(step)) }, tell);
    });
    // For the walkthrough, which goes on from here.
    void commands.executeCommand("setContext", "sluice.changedComponents", true);
    const problems = report.problems.map(problemSentence);
    if (problems.length > 0) void window.showWarningMessage(plainText([done, ...problems].join(" ")));
    else void window.showInformationMessage(plainText(done));
  } catch (error) {
    if (stop.signal.aborted) {
      say(l10n.t("Stopped. What was done stays, what was stopped runs again; do it again to go on."));
    } else if (error instanceof NotRetirableError && error.consumers === 0) {
      return error;
    } else {
      // Nobody waits for the notification to be closed.
      void showError(error, connections.find(connectionId));
    }
  } finally {
    await server.look();
  }
  return undefined;
}

/** How it stands now: what is changed is decided by what is there, not by what was there when the view was last drawn. */
async function lookedAt(
  { connections, server, model }: ChangeOptions,
  target: ComponentTarget,
): Promise<ComponentStatus | undefined> {
  if (connections.current?.id === target.connectionId) await server.look();
  return model.find(target);
}

function sayGone({ component }: ComponentTarget): void {
  say(l10n.t("{0} is not there any more: it was retired, or another connection is the current one.", component));
}

function say(sentence: string): void {
  void window.showInformationMessage(plainText(sentence));
}
