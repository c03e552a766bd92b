import { readFileSync } from "node:fs";
import type { TestContext } from "node:test";
import {
  type ClientReadableStream,
  credentials,
  makeGenericClientConstructor,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import { EventStoreDBClient } from "@eventstore/db-client";
import { definition, type Service } from "../../src/grpc/wire/service.ts";
import { usersService } from "../../src/grpc/wire/users.ts";
import { type Embedded, startEmbedded } from "../../src/index.ts";

/** A server in memory with security and a certificate of its own making. */
export const secureServer = (): Promise<Embedded> => startEmbedded({ memory: true, port: 0, tls: true });

/** The official client, logged in as whoever `login` names; "" for nobody. */
export function clientAs(t: TestContext, server: Embedded, login: string, password = "changeit"): EventStoreDBClient {
  const user = login === "" ? "" : `${encodeURIComponent(login)}:${encodeURIComponent(password)}@`;
  const client = EventStoreDBClient.connectionString(server.connectionString.replace("esdb://", `esdb://${user}`));
  t.after(() => client.dispose());
  return client;
}

export const basic = (login: string, password = "changeit"): string =>
  `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`;

interface BareAnswer {
  readonly answers: readonly Record<string, unknown>[];
  readonly error: ServiceError | undefined;
}

/** One call through our own codecs, which can say anything in its headers. */
export async function callBare(
  server: Embedded,
  of: Service<never>,
  method: string,
  request: unknown,
  authorization: string | undefined,
): Promise<BareAnswer> {
  const Constructor = makeGenericClientConstructor(definition(of), of.name);
  const channel =
    server.tlsCAFile === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(readFileSync(server.tlsCAFile));
  const client = new Constructor(`${server.host}:${server.port}`, channel);
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set("authorization", authorization);
  try {
    return await new Promise<BareAnswer>((resolve) => {
      const answers: Record<string, unknown>[] = [];
      const failed = (error: ServiceError) => resolve({ answers, error });
      // One with a callback answers once, any other is read to its end.
      const isUnary = !definition(of)[method]!.responseStream;
      const call = (client as unknown as Record<string, Function>)[method]!.bind(client);
      if (isUnary) {
        call(request, metadata, (error: ServiceError | null, answer: Record<string, unknown>) =>
          error ? failed(error) : resolve({ answers: [answer], error: undefined }),
        );
        return;
      }
      const stream = call(request, metadata) as ClientReadableStream<Record<string, unknown>>;
      stream.on("data", (answer) => answers.push(answer));
      stream.on("error", failed);
      stream.on("end", () => resolve({ answers, error: undefined }));
    });
  } finally {
    client.close();
  }
}

/** A call of the Users service as somebody. */
export const callUsers = (
  server: Embedded,
  method: string,
  options: unknown,
  authorization: string | undefined,
): Promise<BareAnswer> => callBare(server, usersService as never, method, { options }, authorization);

/** Makes a user with the password `changeit`. */
export async function createUser(server: Embedded, loginName: string, groups: readonly string[]): Promise<void> {
  const description = { loginName, password: "changeit", fullName: loginName, groups };
  const { error } = await callUsers(server, "create", description, basic("admin"));
  if (error !== undefined) throw error;
}
