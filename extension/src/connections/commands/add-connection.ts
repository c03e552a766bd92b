import * as l10n from "@vscode/l10n";
import { BACK, runSteps, type Step } from "../../quick-input/run-steps.ts";
import type { Color, Connection, Policy } from "../connection.ts";
import { freeName } from "../connection-list.ts";
import { serversOf, splitConnectionString } from "../connection-string.ts";
import type { ConnectionParts } from "../connection-parts.ts";
import { askColor, askConnectionString, askName, askPassword, askPolicy } from "./connection-questions.ts";

interface Draft {
  /** As it was typed; held in memory only while the questions are asked. */
  readonly text: string;
  readonly password?: string;
  readonly name?: string;
  readonly color?: Color | undefined;
  readonly policy?: Policy;
}

/** Asks for all that a connection needs. Answers the one that was added; undefined where the user gave up. */
export async function addConnection({ registry, user }: ConnectionParts): Promise<Connection | undefined> {
  const title = l10n.t("Add Connection");
  const text: Step<Draft> = async (draft, position) => {
    const answer = await askConnectionString({ title, value: draft.text, position });
    return typeof answer === "string" ? { ...draft, text: answer } : answer;
  };
  const password: Step<Draft> = async (draft, position) => {
    const { login = "" } = splitConnectionString(draft.text);
    const value = draft.password ?? "";
    const answer = await askPassword(login, { title, value, position });
    return typeof answer === "string" ? { ...draft, password: answer } : answer;
  };
  const name: Step<Draft> = async (draft, position) => {
    const value = draft.name ?? freeName(serversOf(splitConnectionString(draft.text).connectionString), registry.all);
    const answer = await askName(registry.all, { title, value, position });
    return typeof answer === "string" ? { ...draft, name: answer.trim() } : answer;
  };
  const color: Step<Draft> = async (draft, position) => {
    const answer = await askColor({ title, value: draft.color, position });
    return answer === undefined || answer === BACK ? answer : { ...draft, color: answer.value };
  };
  const policy: Step<Draft> = async (draft, position) => {
    const answer = await askPolicy({ title, value: draft.policy ?? likelyPolicy(draft), position });
    return typeof answer === "string" ? { ...draft, policy: answer } : answer;
  };
  const draft = await runSteps<Draft>({ text: "" }, (draft) => {
    const split = splitConnectionString(draft.text);
    const lacksPassword = split.login !== undefined && split.password === undefined;
    return [text, ...(lacksPassword ? [password] : []), name, color, policy];
  });
  if (draft === undefined) return undefined;
  const split = splitConnectionString(draft.text);
  return user.add(
    {
      name: draft.name ?? serversOf(split.connectionString),
      connectionString: split.connectionString,
      login: split.login,
      policy: draft.policy ?? likelyPolicy(draft),
      color: draft.color,
    },
    split.login === undefined ? undefined : (split.password ?? draft.password),
  );
}

/** What is on this machine is for trying things out; what is elsewhere may matter to others. */
function likelyPolicy({ text, color }: Draft): Policy {
  if (color === "red") return "read-only";
  const servers = serversOf(splitConnectionString(text).connectionString);
  return /^(?:localhost|127\.|\[::1\])/.test(servers) ? "read-write" : "confirm";
}
