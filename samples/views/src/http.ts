import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ReadModels } from "./read-models.ts";

/** Answers over HTTP, on loopback alone. Disposing ends it. */
export interface HttpServer extends AsyncDisposable {
  readonly url: string;
}

/** Somebody else listens where queries are to be answered. */
export class PortInUse extends Error {
  override readonly name = "PortInUse";

  constructor(port: number, cause: unknown) {
    super(`Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another port with --http.`, {
      cause,
    });
  }
}

/**
 * `GET /` says which model answers and how far it is, `/books/NAME` and `/readers/NAME` tell of one, `/readers` of those who have borrowed most;
 * `POST /rebuild` rebuilds beside the live model, and answers when it is switched.
 * @throws PortInUse
 */
export async function serveHttp(models: ReadModels, port: number): Promise<HttpServer> {
  const server = createServer((request, response) => void respond(models, request, response));
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new PortInUse(port, error) : error;
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function respond(models: ReadModels, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await answer(models, request.method ?? "", request.url ?? "");
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? { error: "There is nothing here." }));
  } catch (error) {
    // A name that is no name, such as %ZZ, is the mistake of who asks.
    response.writeHead(error instanceof URIError ? 400 : 500).end(String(error));
  }
}

async function answer(models: ReadModels, method: string, path: string): Promise<object | undefined> {
  const [, what = "", name = ""] = path.replace(/\?.*/, "").split("/").map(decodeURIComponent);
  if (method === "POST" && what === "rebuild") await models.rebuild();
  else if (method !== "GET") return undefined;
  const { live } = models;
  if (what === "books") return live.book(name);
  if (what === "readers") return name === "" ? live.readers(10) : live.reader(name);
  return what === "" || what === "rebuild" ? { live: live.color, events: live.events() } : undefined;
}
