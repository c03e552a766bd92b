import type { Workbench } from "../workbench/workbench.ts";

/** Adds a connection as a user does who takes what is proposed, and waits until the questions are over. */
export async function addConnection({ quickInput }: Workbench, connectionString: string, name?: string): Promise<void> {
  await quickInput.command("Sluice: Add Connection…");
  await quickInput.asks("As your application has it");
  await quickInput.fill(connectionString);
  await quickInput.asks("How you call it");
  if (name === undefined) await quickInput.box.press("Enter");
  else await quickInput.fill(name);
  await quickInput.asks("By which color");
  await quickInput.box.press("Enter");
  await quickInput.asks("What may be written");
  await quickInput.box.press("Enter");
  await quickInput.isGone();
}
