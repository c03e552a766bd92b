import type { Sender, Serializer } from "@sluice/transport";
import type { Call } from "../command-line/command.ts";
import type { Options } from "../command-line/options.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { unlessStopped } from "../terminal/stop-signal.ts";
import { connectionOf } from "./connection-of.ts";

/** Where messages that are sent from here come from. */
const NAME = "sluice.cli";

/**
 * Sends something, and disconnects. What is given as a body is stored as it was written, so that numbers keep all of their digits.
 * @param json the body.
 */
export async function sending<Answer>(
  { values, environment, signal }: Pick<Call<Options>, "values" | "environment" | "signal">,
  json: string | undefined,
  send: (sender: Sender, body: object) => Promise<Answer>,
): Promise<Answer> {
  if (json === undefined) throw new UsageError("What is its body? Give it by --body FILE or --data JSON.");
  const body = JSON.parse(json) as object;
  const asWritten: Pick<Serializer, "serialize"> = {
    serialize: () => ({ data: Buffer.from(json.trim()), isJson: true }),
  };
  const connectionString = connectionOf(values["connection"] as string | undefined, environment);
  const { jsonSerializer, startSender } = await import("@sluice/transport");
  const serializer = { ...asWritten, deserialize: jsonSerializer.deserialize };
  const sender = await unlessStopped(startSender(NAME, { connectionString, serializer }), signal);
  try {
    return await send(sender, body);
  } finally {
    await sender.stop();
  }
}
