import type { Http2SecureServer, Http2Server, ServerHttp2Stream } from "node:http2";

export interface MethodStatistics {
  /** Such as `event_store.client.streams.Streams/BatchAppend`; "other" for what is not served. */
  readonly method: string;
  readonly open: number;
  /** Ended in order. */
  readonly succeeded: number;
  /** Ended with a status other than OK by the server. */
  readonly failed: number;
  /** Ended by the client, or with its connection. */
  readonly cancelled: number;
}

export interface CallStatistics {
  readonly connections: number;
  readonly methods: readonly MethodStatistics[];
}

interface Counts {
  open: number;
  succeeded: number;
  failed: number;
  cancelled: number;
}

const OTHER = "other";

/** Counts connections and calls as they come and go, below gRPC, where also those are seen that no handler answers. */
export class CallMeter {
  readonly #isServed: (path: string) => boolean;
  readonly #counts = new Map<string, Counts>();
  #connections = 0;

  /** `isServed` tells paths of methods from whatever else a client may ask for, which is not counted by name. */
  constructor(isServed: (path: string) => boolean) {
    this.#isServed = isServed;
  }

  watch(server: Http2Server | Http2SecureServer): void {
    server.on("session", (session) => {
      this.#connections++;
      session.once("close", () => this.#connections--);
    });
    server.on("stream", (stream, headers) => this.#begun(stream, headers[":path"] ?? ""));
  }

  read(): CallStatistics {
    const methods = [...this.#counts].map(([method, counts]) => ({ method, ...counts }));
    return { connections: this.#connections, methods: methods.sort((a, b) => (a.method < b.method ? -1 : 1)) };
  }

  #begun(stream: ServerHttp2Stream, path: string): void {
    const method = this.#isServed(path) ? path.slice(1) : OTHER;
    const counts = this.#counts.get(method) ?? { open: 0, succeeded: 0, failed: 0, cancelled: 0 };
    this.#counts.set(method, counts);
    counts.open++;
    stream.once("close", () => {
      counts.open--;
      const status = stream.sentTrailers?.["grpc-status"] ?? stream.sentHeaders?.["grpc-status"];
      if (status === undefined) counts.cancelled++;
      else if (Number(status) === 0) counts.succeeded++;
      else counts.failed++;
    });
  }
}
