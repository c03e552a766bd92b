import * as l10n from "@vscode/l10n";
import { InputBoxValidationSeverity, ThemeColor, ThemeIcon } from "vscode";
import { askChoice } from "../../quick-input/ask-choice.ts";
import { askText } from "../../quick-input/ask-text.ts";
import { BACK, type StepPosition } from "../../quick-input/run-steps.ts";
import type { Color, Connection, Policy } from "../connection.ts";
import { COLORS, nameProblem, POLICIES } from "../connection-list.ts";
import { connectionStringProblems } from "../connection-string.ts";
import { connectionStringProblemText } from "../connection-string-text.ts";
import { colorWord, policyExplanation, policyWord } from "../connection-words.ts";

/** The questions that are asked about a connection, alone or as steps of a longer way. */

type Answer<T> = Promise<T | typeof BACK | undefined>;

interface Question<T> {
  readonly title: string;
  readonly value?: T;
  readonly position?: StepPosition;
}

export function askConnectionString(question: Question<string>): Answer<string> {
  return askText({
    ...question,
    prompt: l10n.t("As your application has it. A login and password in it are kept apart from the rest."),
    placeholder: "esdb://localhost:2113?tls=false",
    validate(text) {
      const problems = connectionStringProblems(text);
      const worst = problems.find(({ severity }) => severity === "error") ?? problems[0];
      return (
        worst && {
          message: connectionStringProblemText(worst),
          severity: worst.severity === "error" ? InputBoxValidationSeverity.Error : InputBoxValidationSeverity.Warning,
        }
      );
    },
  });
}

export function askPassword(login: string, question: Question<string>): Answer<string> {
  return askText({
    ...question,
    isPassword: true,
    prompt: l10n.t("The password of {0}. It is kept in the system's keychain.", login),
    validate: (text) =>
      text === "" ? { message: l10n.t("Enter the password."), severity: InputBoxValidationSeverity.Error } : undefined,
  });
}

export function askName(others: readonly Connection[], question: Question<string>): Answer<string> {
  return askText({
    ...question,
    prompt: l10n.t("How you call it, such as staging."),
    validate(text) {
      const problem = nameProblem(text, others);
      if (problem === undefined) return undefined;
      const message =
        problem === "empty"
          ? l10n.t("Enter a name.")
          : l10n.t("There is a connection of this name. Choose another name.");
      return { message, severity: InputBoxValidationSeverity.Error };
    },
  });
}

export async function askColor(question: Question<Color | undefined>): Answer<{ readonly value: Color | undefined }> {
  const { value, ...rest } = question;
  return askChoice<Color | undefined>({
    ...rest,
    active: value,
    placeholder: l10n.t("By which color will you know its environment?"),
    choices: [
      { value: undefined, label: l10n.t("no color"), iconPath: new ThemeIcon("circle-slash") },
      ...COLORS.map((color) => ({
        value: color,
        label: colorWord(color),
        iconPath: new ThemeIcon("circle-filled", new ThemeColor(`sluice.${color}`)),
      })),
    ],
  });
}

export async function askPolicy(question: Question<Policy>): Answer<Policy> {
  const { value, ...rest } = question;
  const answer = await askChoice<Policy>({
    ...rest,
    active: value,
    placeholder: l10n.t("What may be written through it?"),
    choices: POLICIES.map((policy) => ({
      value: policy,
      label: policyWord(policy),
      detail: policyExplanation(policy),
    })),
  });
  return answer === undefined || answer === BACK ? answer : answer.value;
}
