import { readFileSync } from "node:fs";
import { ChannelCredentials, Client, type ClientDuplexStream, Metadata } from "@grpc/grpc-js";
import { gossipService } from "../../grpc/wire/gossip.ts";
import type { Method } from "../../grpc/wire/service.ts";
import { UsageError } from "../usage-error.ts";
import { connectionError, ServerUnreachableError } from "./connection-errors.ts";
import type { Address, ConnectionSettings } from "./connection-string.ts";

type Unary<In, Out> = Method<"unary", unknown, In, Out, never>;
type ServerStream<In, Out> = Method<"serverStream", unknown, In, Out, never>;
type Bidi<In, Out> = Method<"bidi", unknown, In, Out, never>;

/** A client of a server, by our own codecs. */
export interface Connection {
  readonly address: Address;
  unary<In, Out>(service: { readonly name: string }, method: Unary<In, Out>, request: In): Promise<Out>;
  /** Reading it to the end, or leaving the loop, ends the call. */
  serverStream<In, Out>(
    service: { readonly name: string },
    method: ServerStream<In, Out>,
    request: In,
  ): AsyncGenerator<Out>;
  bidi<In, Out>(service: { readonly name: string }, method: Bidi<In, Out>): ClientDuplexStream<In, Out>;
  close(): void;
}

/** As much as a server ever sends in one message (spec 1.3). */
const MAX_MESSAGE = 17 * 1024 * 1024;
const DEADLINE_MS = 30_000;
const GOSSIP_DEADLINE_MS = 5000;

/**
 * Connects to the one server, or to that among several which leads.
 * @throws UsageError, ServerUnreachableError
 */
export async function connect(settings: ConnectionSettings): Promise<Connection> {
  const credentials = credentialsOf(settings);
  const metadata = metadataOf(settings);
  const { addresses } = settings;
  const [first] = addresses;
  if (first === undefined) throw new UsageError("--connection names no server.");
  if (!settings.isDiscovered) return connectionTo(first, credentials, metadata);
  let reason = "none of them says who leads";
  for (const seed of addresses) {
    const asked = connectionTo(seed, credentials, metadata, GOSSIP_DEADLINE_MS);
    try {
      const { members } = await asked.unary(gossipService, gossipService.methods.read, {});
      const leader = members.find(({ isAlive, state }) => isAlive && state === "Leader")?.httpEndPoint;
      if (leader) return connectionTo({ host: leader.address, port: leader.port }, credentials, metadata);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    } finally {
      asked.close();
    }
  }
  throw new ServerUnreachableError(addresses, reason);
}

function connectionTo(
  address: Address,
  credentials: ChannelCredentials,
  metadata: Metadata,
  deadline = DEADLINE_MS,
): Connection {
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  const client = new Client(`${host}:${address.port}`, credentials, {
    "grpc.max_receive_message_length": MAX_MESSAGE,
    // One that was just started is not waited for long.
    "grpc.initial_reconnect_backoff_ms": 100,
  });
  return {
    address,
    close: () => client.close(),
    unary(service, { name, request, response }, message) {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof response.decode>>();
      client.makeUnaryRequest(
        `/${service.name}/${name}`,
        request.encode,
        response.decode,
        message,
        metadata,
        { deadline: Date.now() + deadline },
        (error, answer) => {
          if (error !== null) reject(connectionError(error, address));
          else if (answer !== undefined) resolve(answer);
        },
      );
      return promise;
    },
    async *serverStream(service, { name, request, response }, message) {
      const path = `/${service.name}/${name}`;
      const call = client.makeServerStreamRequest(path, request.encode, response.decode, message, metadata);
      try {
        for await (const answer of call) yield answer as ReturnType<typeof response.decode>;
      } catch (error) {
        throw connectionError(error, address);
      } finally {
        call.cancel();
      }
    },
    bidi(service, { name, request, response }) {
      return client.makeBidiStreamRequest(`/${service.name}/${name}`, request.encode, response.decode, metadata);
    },
  };
}

function credentialsOf(settings: ConnectionSettings): ChannelCredentials {
  if (!settings.tls) return ChannelCredentials.createInsecure();
  const { authorityFile, certificateFile, keyFile, verifiesCertificate } = settings;
  return ChannelCredentials.createSsl(
    fileOf(authorityFile, "tlsCAFile"),
    fileOf(keyFile, "userKeyFile"),
    fileOf(certificateFile, "userCertFile"),
    verifiesCertificate ? {} : { rejectUnauthorized: false },
  );
}

function fileOf(path: string | undefined, option: string): Buffer | null {
  if (path === undefined) return null;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UsageError(`The file ${path}, ${option} in the connection string, cannot be read.`, { cause });
  }
}

/** A login goes out over TLS only, as the official clients have it. */
function metadataOf({ tls, credentials }: ConnectionSettings): Metadata {
  const metadata = new Metadata();
  metadata.set("connection-name", "sluice-embedded");
  metadata.set("requires-leader", "true");
  if (tls && credentials !== undefined) {
    const { login, password } = credentials;
    metadata.set("authorization", `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`);
  }
  return metadata;
}
