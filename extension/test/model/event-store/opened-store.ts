import { randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import { connect, parseConnectionString, streamsService } from "@sluice/embedded/client";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "@sluice/embedded";
import type { EventStore, NewEvent } from "../../../src/event-store/event-store.ts";
import type { Credentials } from "../../../src/event-store/credentials.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";

/** A server in memory on a free port and what the extension asks it through; both end with the test. */
export async function openedStore(
  t: TestContext,
  options: Partial<EmbeddedOptions> = {},
  credentials?: Credentials,
): Promise<{ server: Embedded; store: EventStore }> {
  const server = await startEmbedded({ memory: true, port: 0, ...options } as EmbeddedOptions);
  t.after(() => server.stop());
  const store = await openEventStore(server.connectionString, credentials);
  t.after(() => store.close());
  return { server, store };
}

const encoder = new TextEncoder();

export const bytes = (text: string): Uint8Array => encoder.encode(text);

export const text = (body: Uint8Array): string => new TextDecoder().decode(body);

/** An event of type "Noted" whose body is the text. */
export const noted = (body: string, over: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type: "Noted",
  isJson: true,
  data: bytes(body),
  metadata: bytes(""),
  ...over,
});

/** A link to what stands at a revision of a stream. */
export const linkTo = (stream: string, revision: number): NewEvent =>
  noted(`${revision}@${stream}`, { type: "$>", isJson: false });

/** What no one does from the extension: deletes a stream, so that it can begin anew or never again. */
export async function remove(
  server: Pick<Embedded, "connectionString">,
  stream: string,
  method: "delete" | "tombstone",
): Promise<void> {
  const connection = await connect(parseConnectionString(server.connectionString));
  const options = { streamIdentifier: stream, expectedStreamRevision: { case: "any" } } as const;
  await connection.unary(streamsService, streamsService.methods[method], { options });
  connection.close();
}
