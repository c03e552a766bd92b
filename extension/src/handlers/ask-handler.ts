import * as l10n from "@vscode/l10n";
import { ThemeIcon, workspace } from "vscode";
import { askChoice, type Choice, type Separator, separator } from "../quick-input/ask-choice.ts";
import { askText } from "../quick-input/ask-text.ts";
import { BACK, runSteps, type Step } from "../quick-input/run-steps.ts";
import type {
  ComponentDeclaration,
  EventSourcedDeclaration,
  MessageDeclaration,
  MessageKind,
  WorkspaceModel,
} from "../workspace-model/declarations.ts";
import type { NewHandlerKind } from "./generate/request.ts";
import { isEventSourced, kindsFor, messagesFor, ownedFor, SENDS, TAKES } from "./handler-choices.ts";
import { askType, EXAMPLES, refusing, title } from "./ask-message-type.ts";
import { countText, kindExplanation, kindWord, messageQuestion, newMessageWord } from "./kind-words.ts";
import type { nameProblem } from "./name-problem.ts";
import type { SeenType } from "./seen/seen-types.ts";

/** A message that was chosen: one that is declared, one that was seen on a server, or one that is only named yet. */
export type ChosenMessage =
  | { readonly declared: MessageDeclaration }
  | { readonly seen: SeenType }
  | { readonly named: string; readonly kind: MessageKind };

/** What was answered so far. */
export interface HandlerDraft {
  readonly component?: { readonly declared: ComponentDeclaration } | { readonly name: string };
  readonly kind?: NewHandlerKind;
  /** What it is written into, where that is no component. */
  readonly within?: EventSourcedDeclaration | "new";
  readonly message?: ChosenMessage;
  readonly name?: string;
  readonly sends?: ChosenMessage | "nothing";
}

/** What the questions are asked about. */
export interface HandlerQuestions {
  readonly model: WorkspaceModel;
  readonly nameProblem: typeof nameProblem;
  /** The name of the connection whose streams are looked through; undefined for none. */
  readonly connection: string | undefined;
  /** Types of events that are in its streams. */
  readonly seen: (signal: AbortSignal) => Promise<readonly SeenType[]>;
}

type HandlerStep = Step<HandlerDraft>;

/**
 * Asks for all that a new handler needs. What is given from the start is not asked for.
 * @returns undefined where the user gives up.
 */
export function askHandler(start: HandlerDraft, questions: HandlerQuestions): Promise<HandlerDraft | undefined> {
  const given = new Set(Object.keys(start));
  return runSteps<HandlerDraft>(start, (draft) => {
    const { kind } = draft;
    const owned = ownedFor(kind, declaredIn(draft));
    const asked: readonly (readonly [string, HandlerStep, boolean])[] = [
      ["component", (...at) => askComponent(questions, ...at), true],
      ["kind", (...at) => askKind(...at), true],
      ["within", (...at) => askWithin(owned, ...at), owned.length > (kind === "gateway" ? 1 : 0)],
      ["message", (...at) => askMessage(questions, ...at), true],
      [
        "name",
        (...at) => askName(questions, ...at),
        (isEventSourced(kind) && (draft.within ?? "new") === "new") || kind === "view",
      ],
      ["sends", (...at) => askSends(questions, ...at), kind === undefined || SENDS[kind].length > 0],
    ];
    return asked.flatMap(([name, step, isAsked]) => (isAsked && !given.has(name) ? [step] : []));
  });
}

const declaredIn = ({ component }: HandlerDraft): ComponentDeclaration | undefined =>
  component !== undefined && "declared" in component ? component.declared : undefined;

/** The name of the component that is chosen. */
export const componentName = ({ component }: HandlerDraft): string | undefined =>
  component === undefined ? undefined : "declared" in component ? component.declared.name : component.name;

async function askComponent(
  questions: HandlerQuestions,
  ...[draft, position]: Parameters<HandlerStep>
): ReturnType<HandlerStep> {
  const { model, nameProblem } = questions;
  const choices: (Choice<ComponentDeclaration | "new"> | Separator)[] = [
    ...model.components
      .filter(({ name }) => name !== undefined)
      .map((component) => ({
        label: component.name ?? "",
        iconPath: new ThemeIcon("package"),
        description: pathOf(component.place.uri),
        value: component,
      }))
      .toSorted((one, other) => (one.label < other.label ? -1 : 1)),
    { label: l10n.t("New Component…"), iconPath: new ThemeIcon("add"), value: "new" },
  ];
  const active = declaredIn(draft) ?? "new";
  const placeholder = l10n.t("Which component handles it?");
  const isNone = choices.length === 1;
  const answer = isNone
    ? { value: "new" as const }
    : await askChoice<ComponentDeclaration | "new">({ title: title(), placeholder, choices, active, position });
  if (answer === undefined || answer === BACK) return answer;
  if (answer.value !== "new") return { ...draft, component: { declared: answer.value } };
  const name = await askText({
    title: title(),
    prompt: l10n.t("The new component's name, which names its streams"),
    placeholder: EXAMPLES.component,
    value: draft.component !== undefined && "name" in draft.component ? draft.component.name : "",
    validate: refusing((text) =>
      model.components.some((component) => component.name === text)
        ? l10n.t("There is a component of this name already.")
        : nameProblem("component", text),
    ),
    position: { ...position, step: position.step + (isNone ? 0 : 1) },
  });
  if (name === BACK && !isNone) return askComponent(questions, draft, position);
  return typeof name === "string" ? { ...draft, component: { name: name.trim() } } : name;
}

async function askKind(...[draft, position]: Parameters<HandlerStep>) {
  const choices = kindsFor(declaredIn(draft), kindOf(draft.message), kindOf(draft.sends)).map((kind) => ({
    label: kindWord(kind),
    description: kindExplanation(kind),
    value: kind,
  }));
  const placeholder = l10n.t("What kind of handler?");
  const answer = await askChoice({ title: title(), placeholder, choices, active: draft.kind, position });
  if (answer === undefined || answer === BACK) return answer;
  const { within: _, ...kept } = draft;
  const [only, ...others] = ownedFor(answer.value, declaredIn(draft));
  const isClear = answer.value === "gateway" && only !== undefined && others.length === 0;
  return { ...kept, kind: answer.value, ...(isClear ? { within: only } : {}) };
}

async function askWithin(owned: readonly EventSourcedDeclaration[], ...[draft, position]: Parameters<HandlerStep>) {
  const isAggregate = draft.kind === "aggregate";
  const choices: readonly Choice<EventSourcedDeclaration | "new">[] = [
    ...owned.map((one) => ({
      label: one.category ?? one.identifier,
      description: pathOf(one.place.uri),
      value: one,
    })),
    ...(draft.kind === "gateway"
      ? []
      : [
          {
            label: isAggregate ? l10n.t("New Aggregate…") : l10n.t("New Process Manager…"),
            iconPath: new ThemeIcon("add"),
            value: "new" as const,
          },
        ]),
  ];
  const placeholder = isAggregate ? l10n.t("Which aggregate?") : l10n.t("Which process manager?");
  const answer = await askChoice({ title: title(), placeholder, choices, active: draft.within, position });
  return answer === undefined || answer === BACK ? answer : { ...draft, within: answer.value };
}

async function askMessage(
  questions: HandlerQuestions,
  ...[draft, position]: Parameters<HandlerStep>
): ReturnType<HandlerStep> {
  const { kind = "command-handler", within } = draft;
  const { model, connection } = questions;
  const wanted = TAKES[kind];
  const own = componentName(draft);
  const choices = [
    ...declaredChoices(messagesFor(kind, own, within === "new" ? undefined : within, model)),
    separator(l10n.t("not declared yet")),
    ...wanted.map((of) => ({ label: newMessageWord(of), iconPath: new ThemeIcon("add"), value: of })),
  ];
  const placeholder = messageQuestion(wanted);
  const later = async (signal: AbortSignal): Promise<readonly (Choice<ChosenMessage> | Separator)[]> => {
    // What a process manager's gateway takes, that process manager records: it is declared.
    if (connection === undefined || kind === "gateway") return [];
    const declared = new Set(model.messages.map(({ type }) => type));
    const seen = (await questions.seen(signal)).filter((one) => wanted.includes(one.kind) && !declared.has(one.type));
    const usable = seen.filter(({ type }) => questions.nameProblem("message", type) === undefined);
    if (usable.length === 0) return [];
    return [
      separator(l10n.t("seen in the streams of {0}", connection)),
      ...usable.map((one) => ({
        label: one.type,
        iconPath: new ThemeIcon("history"),
        description: countText(one.count),
        value: { seen: one },
      })),
    ];
  };
  const answer = await askChoice<ChosenMessage | MessageKind>({
    title: title(),
    placeholder,
    choices,
    later,
    position,
  });
  if (answer === undefined || answer === BACK) return answer;
  if (typeof answer.value !== "string") return { ...draft, message: answer.value };
  const named = await askType(questions, answer.value, own, position.step + 1, position.totalSteps);
  if (named === BACK) return askMessage(questions, draft, position);
  return named === undefined ? undefined : { ...draft, message: { named: named.trim(), kind: answer.value } };
}

async function askName({ model, nameProblem }: HandlerQuestions, ...[draft, position]: Parameters<HandlerStep>) {
  const isView = draft.kind === "view";
  const taken = new Set<string | undefined>(
    isView
      ? model.views.map(({ name }) => name)
      : [
          ...model.eventSourced.map(({ category }) => category),
          ...model.components.map(({ name }) => name),
          componentName(draft),
        ],
  );
  const prompt =
    draft.kind === "view"
      ? l10n.t("The view's name")
      : draft.kind === "aggregate"
        ? l10n.t("The aggregate's category: its streams are called by it")
        : l10n.t("The process manager's category: its streams are called by it");
  const name = await askText({
    title: title(),
    prompt,
    value: draft.name ?? "",
    placeholder: isView ? EXAMPLES.view : EXAMPLES.category,
    validate: refusing((text) =>
      text === ""
        ? l10n.t("Give it a name.")
        : taken.has(text)
          ? l10n.t("This name is taken already.")
          : isView
            ? undefined
            : nameProblem("category", text),
    ),
    position,
  });
  return typeof name === "string" ? { ...draft, name: name.trim() } : name;
}

async function askSends(
  questions: HandlerQuestions,
  ...[draft, position]: Parameters<HandlerStep>
): ReturnType<HandlerStep> {
  const { kind = "command-handler", message } = draft;
  const wanted = SENDS[kind];
  const taken = typeOf(message);
  const declared = questions.model.messages
    .filter(
      (one) => one.identifier !== "" && wanted.includes(one.kind) && one.type !== taken && !one.type.endsWith(".*"),
    )
    .map((one) => ({ message: one, handledBy: [] }))
    .toSorted((one, other) => wanted.indexOf(one.message.kind) - wanted.indexOf(other.message.kind));
  const choices: readonly (Choice<ChosenMessage | MessageKind | "nothing"> | Separator)[] = [
    { label: l10n.t("Nothing yet"), iconPath: new ThemeIcon("circle-slash"), value: "nothing" },
    ...declaredChoices(declared),
    separator(l10n.t("not declared yet")),
    ...wanted.map((of) => ({ label: newMessageWord(of), iconPath: new ThemeIcon("add"), value: of })),
  ];
  const placeholder = l10n.t("What does it send or publish?");
  const answer = await askChoice({ title: title(), placeholder, choices, position });
  if (answer === undefined || answer === BACK) return answer;
  const { value } = answer;
  if (value === "nothing" || typeof value !== "string") return { ...draft, sends: value };
  const named = await askType(questions, value, undefined, position.step + 1, position.totalSteps);
  if (named === BACK) return askSends(questions, draft, position);
  return named === undefined ? undefined : { ...draft, sends: { named: named.trim(), kind: value } };
}

export const typeOf = (message: ChosenMessage | undefined): string | undefined =>
  message === undefined
    ? undefined
    : "declared" in message
      ? message.declared.type
      : "seen" in message
        ? message.seen.type
        : message.named;

const kindOf = (message: ChosenMessage | "nothing" | undefined): MessageKind | undefined =>
  message === undefined || message === "nothing"
    ? undefined
    : "declared" in message
      ? message.declared.kind
      : "seen" in message
        ? message.seen.kind
        : message.kind;

function declaredChoices(
  options: readonly { readonly message: MessageDeclaration; readonly handledBy: readonly string[] }[],
): readonly (Choice<ChosenMessage> | Separator)[] {
  return options.map(({ message, handledBy }) => ({
    label: message.type,
    iconPath: new ThemeIcon("symbol-event"),
    description: handledBy.length === 0 ? pathOf(message.place.uri) : l10n.t("handled by {0}", handledBy.join(", ")),
    value: { declared: message },
  }));
}

const pathOf = (uri: string): string => workspace.asRelativePath(decodeURIComponent(uri.replace(/^[^:]+:\/\//, "")));
