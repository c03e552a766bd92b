import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ReadModels } from "./read-models.ts";

/** Answers over HTTP, on loopback alone. Disposing ends it. */
export interface HttpServer extends AsyncDisposable {
  readonly url: string;
}

/**
 * `GET /` says which model answers and how far it is, `/books/NAME` and `/readers/NAME` tell of one, `/readers` of those who have borrowed most;
 * `POST /rebuild` rebuilds beside the live model, and answers when it is switched.
 */
export async function serveHttp(models: ReadModels, port: number): Promise<HttpServer> {
  const server = createServer((request, response) => void respond(models, request, response));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
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
    response.writeHead(500).end(String(error));
  }
}

async function answer(models: ReadModels, method: string, path: string): Promise<object | undefined> {
  const [, what = "", name = ""] = path.split("/").map(decodeURIComponent);
  if (method === "POST" && what === "rebuild") await models.rebuild();
  else if (method !== "GET") return undefined;
  const { live } = models;
  if (what === "books") return live.book(name);
  if (what === "readers") return name === "" ? live.readers(10) : live.reader(name);
  return what === "" || what === "rebuild" ? { live: live.color, events: live.events() } : undefined;
}
