import { startSystem } from "@sluice/sample-display";
import type { Options } from "./options.ts";
import { type OrderProgress, overview, reporting, STEPS } from "./overview.ts";

/** There is no such order, or it is not placed yet. */
export class UnknownOrder extends Error {
  override readonly name = "UnknownOrder";

  constructor(orderId: string) {
    super(
      `There is no order ${JSON.stringify(orderId)}. Orders are named by their market and a number, such as hamburg.17.`,
    );
  }
}

/**
 * Asks the view how far one order has come. It runs the component that has the view, and no other.
 * @throws UnknownOrder
 */
export async function show(options: Options, orderId: string, say: (text: string) => void): Promise<string> {
  await using running = await startSystem(options.server, [reporting], { say });
  const { orders } = await running.endpoint.view(overview).ready();
  const progress = orders.get(orderId);
  if (progress === undefined) throw new UnknownOrder(orderId);
  return progressText(orderId, progress);
}

export function progressText(orderId: string, progress: OrderProgress): string {
  const steps = STEPS.map((step) => `  ${step.padEnd(10)} ${progress[step]?.toISOString() ?? "not yet"}`);
  const refusal = progress.refusal === undefined ? [] : [`  canceled:  ${progress.refusal}`];
  return [`Order ${orderId}`, ...steps, ...refusal].join("\n");
}
