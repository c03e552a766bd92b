import * as library from "@kurrent/kurrentdb-client";
import { atEnd, type Client, methodsOf, noted, type OfficialClient } from "./official-client.ts";

const { KurrentDBClient } = library;
export type NewClient = library.KurrentDBClient;

type Events = Parameters<NewClient["appendToStream"]>[1];
type OldAppendOptions = NonNullable<Parameters<Client["appendToStream"]>[2]>;

/** What it calls otherwise, by the older client's names. */
function inOldTerms(client: NewClient): Partial<NewClient> {
  const appendToStream = (stream: string, events: Events, options: OldAppendOptions = {}) => {
    const { expectedRevision: streamState, ...others } = options;
    return client.appendToStream(stream, events, { ...others, ...(streamState === undefined ? {} : { streamState }) });
  };
  return { appendToStream };
}

export const kurrentdbClient: OfficialClient = {
  library: library as unknown as OfficialClient["library"],
  scheme: "kurrentdb",
  methods: methodsOf(KurrentDBClient),
  called: new Set(),
  connect(t, connectionString) {
    const client = KurrentDBClient.connectionString(connectionString.replace(/^esdb/, "kurrentdb"));
    atEnd(t, () => void client.dispose());
    return noted(client, this.called, inOldTerms(client)) as unknown as Client;
  },
};
