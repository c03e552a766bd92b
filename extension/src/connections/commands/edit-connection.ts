import * as l10n from "@vscode/l10n";
import { window } from "vscode";
import { BACK, runSteps, type Step } from "../../quick-input/run-steps.ts";
import type { Connection } from "../connection.ts";
import { freeName } from "../connection-list.ts";
import type { ConnectionParts } from "../connection-parts.ts";
import { splitConnectionString, withLogin, withOption } from "../connection-string.ts";
import { askColor, askConnectionString, askName, askPassword, askPolicy } from "./connection-questions.ts";

/** Another connection string; id, name, color and policy stay. Answers whether something was changed. */
export async function editConnectionString(
  { user, passwords, registry }: ConnectionParts,
  connection: Connection,
): Promise<boolean> {
  const { id, name, connectionString, login } = connection;
  const title = l10n.t("Edit {0}", name);
  interface Draft {
    readonly text: string;
    readonly password?: string;
  }
  const text: Step<Draft> = async (draft, position) => {
    const answer = await askConnectionString({ title, value: draft.text, position });
    return typeof answer === "string" ? { ...draft, text: answer } : answer;
  };
  const password: Step<Draft> = async (draft, position) => {
    const answer = await askPassword(splitConnectionString(draft.text).login ?? "", { title, position });
    return typeof answer === "string" ? { ...draft, password: answer } : answer;
  };
  const draft = await runSteps<Draft>({ text: withLogin(connectionString, login) }, (draft) => {
    const split = splitConnectionString(draft.text);
    const isAnother = split.login !== undefined && split.login !== login && split.password === undefined;
    return [text, ...(isAnother ? [password] : [])];
  });
  if (draft === undefined) return false;
  const split = splitConnectionString(draft.text);
  const newPassword = split.password ?? draft.password;
  if (newPassword !== undefined) await passwords.set(connection, newPassword);
  else if (split.login === undefined) await passwords.forget(connection);
  if (newPassword !== undefined) registry.close(id);
  await user.change(id, (one) => ({ ...one, connectionString: split.connectionString, login: split.login }));
  return true;
}

export async function renameConnection({ user, registry }: ConnectionParts, connection: Connection): Promise<void> {
  const others = registry.all.filter(({ id }) => id !== connection.id);
  const answer = await askName(others, { title: l10n.t("Rename {0}", connection.name), value: connection.name });
  if (typeof answer === "string") await user.change(connection.id, (one) => ({ ...one, name: answer.trim() }));
}

export async function setPolicy({ user }: ConnectionParts, connection: Connection): Promise<void> {
  const answer = await askPolicy({ title: l10n.t("Policy of {0}", connection.name), value: connection.policy });
  if (typeof answer === "string") await user.change(connection.id, (one) => ({ ...one, policy: answer }));
}

export async function setColor({ user }: ConnectionParts, connection: Connection): Promise<void> {
  const answer = await askColor({ title: l10n.t("Color of {0}", connection.name), value: connection.color });
  if (answer === undefined || answer === BACK) return;
  await user.change(connection.id, (one) => ({ ...one, color: answer.value }));
}

/** With its password; under a name of its own. */
export async function duplicateConnection(
  { user, passwords, registry }: ConnectionParts,
  connection: Connection,
): Promise<Connection> {
  const { name, login } = connection;
  const password = login === undefined ? undefined : await passwords.get(connection);
  return user.add({ ...connection, name: freeName(name, registry.all) }, password);
}

/** Asks first. Panels that are open on it stay, and say that it is gone. */
export async function removeConnection({ user }: ConnectionParts, { id, name }: Connection): Promise<void> {
  const remove = l10n.t("Remove");
  const answer = await window.showWarningMessage(
    l10n.t("Remove the connection {0}?", name),
    { modal: true, detail: l10n.t("Its password is forgotten, too. Nothing changes on the server.") },
    remove,
  );
  if (answer === remove) await user.remove(id);
}

/** Enters or replaces the password. Answers whether one was entered. */
export async function setPassword({ passwords, registry }: ConnectionParts, connection: Connection): Promise<boolean> {
  const { id, name, login } = connection;
  if (login === undefined) return false;
  const answer = await askPassword(login, { title: l10n.t("Password for {0}", name) });
  if (typeof answer !== "string") return false;
  await passwords.set(connection, answer);
  registry.close(id);
  return true;
}

export async function forgetPassword({ passwords, registry }: ConnectionParts, { id }: Connection): Promise<void> {
  await passwords.forget({ id });
  registry.close(id);
}

/** Lets the user choose the file of the authority that has signed the server's certificate. Answers whether they did. */
export async function chooseAuthorityFile({ user }: ConnectionParts, { id, name }: Connection): Promise<boolean> {
  const [file] =
    (await window.showOpenDialog({
      title: l10n.t("Certificate authority of {0}", name),
      openLabel: l10n.t("Trust"),
      filters: { [l10n.t("Certificates")]: ["pem", "crt", "cer"], [l10n.t("All files")]: ["*"] },
    })) ?? [];
  if (file === undefined) return false;
  await user.change(id, (one) => ({
    ...one,
    connectionString: withOption(one.connectionString, "tlsCAFile", file.fsPath),
  }));
  return true;
}
