import { InputBoxValidationSeverity, l10n } from "vscode";
import { askText } from "../../quick-input/ask-text.ts";
import { runSteps, type Step } from "../../quick-input/run-steps.ts";
import { type DraftProblem, draftProblem, type EventDraft } from "../model/new-event.ts";

/** Asks for all that an event needs, each part checked as it is typed; undefined where the user gives up. */
export function askForEvent(stream: string, first: EventDraft): Promise<EventDraft | undefined> {
  const title = l10n.t("Append an Event to {0}", stream);
  const step =
    (part: keyof EventDraft, prompt: string, placeholder: string): Step<EventDraft> =>
    async (draft, position) => {
      const answer = await askText({
        title,
        prompt,
        placeholder,
        value: draft[part],
        position,
        validate(text) {
          const problem = draftProblem(part, text);
          return problem && { message: problemText(problem), severity: InputBoxValidationSeverity.Error };
        },
      });
      return typeof answer === "string" ? { ...draft, [part]: answer } : answer;
    };
  const steps = [
    step("type", l10n.t("The event's type."), "OrderPlaced"),
    step("data", l10n.t("Its data as JSON; every character is stored as it stands."), "{}"),
    step("metadata", l10n.t("Its metadata as a JSON object, or nothing."), '{"$correlationId": "…"}'),
    step("id", l10n.t("Its id: an event that is written again with the same id is written once."), ""),
    step("expected", l10n.t("Where the stream must be: any, no-stream, stream-exists, or its last revision."), "any"),
  ];
  return runSteps(first, () => steps);
}

function problemText(problem: DraftProblem): string {
  switch (problem) {
    case "no-type":
      return l10n.t("Enter the event's type.");
    case "no-json":
      return l10n.t("This is no JSON.");
    case "no-object":
      return l10n.t("Metadata is a JSON object, such as {0}.", "{}");
    case "no-uuid":
      return l10n.t("This is no UUID, such as {0}.", crypto.randomUUID());
    case "no-expectation":
      return l10n.t("Enter any, no-stream, stream-exists, or the number of the stream's last event.");
  }
}
