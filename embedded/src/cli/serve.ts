import { type Embedded, startEmbedded } from "../index.ts";
import { noteLine } from "./notes.ts";
import type { CliOptions } from "./options.ts";
import { type Output, output } from "./output.ts";
import { firstSignal } from "./signals.ts";

/** Runs the server until a signal, or a client who may, stops it. */
export async function serve(options: CliOptions): Promise<number> {
  const { say } = output(options.json);
  const { unusedData } = options;
  if (unusedData !== undefined) {
    const text = `events are kept in memory, and gone when the server stops: the directory ${unusedData} is not used`;
    say("data-unused", { data: unusedData }, text);
  }
  // Listened for from the start, so that one that comes while the server starts is not lost.
  const hasFiles = typeof options.embedded.tls === "object";
  const signalled = firstSignal(hasFiles ? ["SIGINT", "SIGTERM"] : undefined);
  const starting = startEmbedded({
    ...options.embedded,
    onNote: (note) => say(note.event, note, noteLine(note, new Date())),
  });
  if (hasFiles) process.on("SIGHUP", () => void starting.then((server) => reload(server, say)));
  const server = await starting;
  const { host, port, connectionString, tlsCAFile, http } = server;
  say("listening", { host, port, connectionString, tlsCAFile, http }, `listening on ${host}:${port}`);
  if (!options.json) {
    const login = options.embedded.tls === undefined ? "" : ", and the login and password of a user";
    process.stdout.write(`clients connect with ${connectionString}${login}; Ctrl-C stops the server\n`);
  }
  if (http !== undefined && !options.json) {
    process.stdout.write(`health and metrics on http://${http.host}:${http.port}\n`);
  }
  const signal = await Promise.race([signalled, server.stopped]);
  if (signal !== undefined) say("stopping", { signal }, "stopping");
  await server.stop();
  say("stopped", {}, "stopped");
  return 0;
}

/** Whoever has renewed the certificate sends SIGHUP, as to the real server. */
async function reload(server: Embedded, say: Output["say"]): Promise<void> {
  try {
    await server.reloadCertificate();
    say("certificate-read", {}, "the certificate has been read again");
  } catch (error) {
    const { message } = error as Error;
    say("certificate-refused", { message }, `${message} The certificate that was read before stays in use.`);
  }
}
