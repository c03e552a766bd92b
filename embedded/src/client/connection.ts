import { readFileSync } from "node:fs";
import { ChannelCredentials, Client, type ClientDuplexStream, Metadata, type ServiceError } from "@grpc/grpc-js";
import { gossipService } from "../grpc/wire/gossip.ts";
import type { Method } from "../grpc/wire/service.ts";
import type { Address } from "./address.ts";
import { connectionError, ConnectionStringError, ServerUnreachableError } from "./connection-errors.ts";
import type { ConnectionSettings } from "./connection-string.ts";

type Unary<In, Out> = Method<"unary", unknown, In, Out, never>;
type ServerStream<In, Out> = Method<"serverStream", unknown, In, Out, never>;
type ClientStream<In, Out> = Method<"clientStream", unknown, In, Out, never>;
type Bidi<In, Out> = Method<"bidi", unknown, In, Out, never>;

/** A client of a server, by our own codecs. A call that its signal ends fails with the signal's reason. */
export interface Connection {
  readonly address: Address;
  unary<In, Out>(
    service: { readonly name: string },
    method: Unary<In, Out>,
    request: In,
    signal?: AbortSignal,
  ): Promise<Out>;
  /** Reading it to the end, or leaving the loop, ends the call. What is not read yet waits at the server. */
  serverStream<In, Out>(
    service: { readonly name: string },
    method: ServerStream<In, Out>,
    request: In,
    signal?: AbortSignal,
  ): AsyncGenerator<Out>;
  /** Sends all requests; the server answers once. */
  clientStream<In, Out>(
    service: { readonly name: string },
    method: ClientStream<In, Out>,
    requests: readonly In[],
  ): Promise<Out>;
  bidi<In, Out>(service: { readonly name: string }, method: Bidi<In, Out>): ClientDuplexStream<In, Out>;
  close(): void;
}

/** As much as a server ever sends in one message (spec 1.3). */
const MAX_MESSAGE = 17 * 1024 * 1024;
const DEADLINE_MS = 30_000;
const GOSSIP_DEADLINE_MS = 5000;
const KEEP_ALIVE_MS = 10_000;
/**
 * What a server may send of a call before this side has taken it. With HTTP/2's own 64 KB the two wait for each other in
 * turn: a read of a million events of 600 bytes took 19.6 s, with this 13.4 s (Node 24, two cores).
 */
const WINDOW_BYTES = 1024 * 1024;

/**
 * Connects to the one server, or to that among several which leads.
 * @throws ConnectionStringError, ServerUnreachableError
 */
export async function connect(settings: ConnectionSettings): Promise<Connection> {
  const credentials = credentialsOf(settings);
  const metadata = metadataOf(settings);
  const { addresses } = settings;
  const [first] = addresses;
  if (first === undefined) throw new ConnectionStringError("--connection names no server.");
  if (!settings.isDiscovered) return connectionTo(first, credentials, metadata);
  let reason = "none of them says who leads";
  let cause: unknown;
  for (const seed of addresses) {
    const asked = connectionTo(seed, credentials, metadata, GOSSIP_DEADLINE_MS);
    try {
      const { members } = await asked.unary(gossipService, gossipService.methods.read, {});
      const leader = members.find(({ isAlive, state }) => isAlive && state === "Leader")?.httpEndPoint;
      if (leader) return connectionTo({ host: leader.address, port: leader.port }, credentials, metadata);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      cause = error;
    } finally {
      asked.close();
    }
  }
  throw new ServerUnreachableError(addresses, reason, { cause });
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
    // One that was just started is not waited for long, whoever else in this process waits for the same one.
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.use_local_subchannel_pool": 1,
    "grpc-node.flow_control_window": WINDOW_BYTES,
    // A server that is gone without a word is noticed, at the pace of the official clients (spec 1.3).
    "grpc.keepalive_time_ms": KEEP_ALIVE_MS,
    "grpc.keepalive_timeout_ms": KEEP_ALIVE_MS,
  });
  const options = () => ({ deadline: Date.now() + deadline });
  return {
    address,
    close: () => client.close(),
    unary(service, { name, request, response }, message, signal) {
      const path = `/${service.name}/${name}`;
      const { encode } = request;
      return answered<ReturnType<typeof response.decode>>(address, signal, (done) =>
        client.makeUnaryRequest(path, encode, response.decode, message, metadata, options(), done),
      );
    },
    clientStream(service, { name, request, response }, messages) {
      const path = `/${service.name}/${name}`;
      return answered<ReturnType<typeof response.decode>>(address, undefined, (done) => {
        const call = client.makeClientStreamRequest(path, request.encode, response.decode, metadata, options(), done);
        for (const message of messages) call.write(message);
        call.end();
        return call;
      });
    },
    async *serverStream(service, { name, request, response }, message, signal) {
      signal?.throwIfAborted();
      const path = `/${service.name}/${name}`;
      const call = client.makeServerStreamRequest(path, request.encode, response.decode, message, metadata);
      const cancel = (): void => call.cancel();
      signal?.addEventListener("abort", cancel, { once: true });
      // That it was cancelled is told once more when nobody reads it any longer.
      call.on("error", () => {});
      try {
        for await (const answer of call) {
          signal?.throwIfAborted();
          yield answer as ReturnType<typeof response.decode>;
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw connectionError(error, address);
      } finally {
        signal?.removeEventListener("abort", cancel);
        call.cancel();
      }
    },
    bidi(service, { name, request, response }) {
      return client.makeBidiStreamRequest(`/${service.name}/${name}`, request.encode, response.decode, metadata);
    },
  };
}

/** What the server answers to a call that has one answer. */
function answered<Out>(
  address: Address,
  signal: AbortSignal | undefined,
  begin: (done: (error: ServiceError | null, answer?: Out) => void) => { cancel(): void },
): Promise<Out> {
  const { promise, resolve, reject } = Promise.withResolvers<Out>();
  if (signal?.aborted === true) return Promise.reject(signal.reason);
  const call = begin((error, answer) => {
    signal?.removeEventListener("abort", cancel);
    if (error !== null) reject(signal?.aborted === true ? signal.reason : connectionError(error, address));
    else if (answer !== undefined) resolve(answer);
  });
  const cancel = (): void => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  return promise;
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
    throw new ConnectionStringError(`The file ${path}, ${option} in the connection string, cannot be read.`, { cause });
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
