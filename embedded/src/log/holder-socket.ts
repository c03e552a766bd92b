import { closeSync, openSync, readlinkSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";

/*
 * Whoever holds a directory listens on a socket in it. A container cannot see the processes of another one, which may have the same
 * ids; on that socket it finds out whether one lives, and the system ends the listening with the process, whatever ends that.
 */

/** How the sockets' names begin. */
export const SOCKET_FILE = "server.socket";

const nameOf = (id: string): string => `${SOCKET_FILE}.${id}`;

/** By way of the open directory: the path of a socket may have some hundred characters only. */
const pathIn = (folder: number, id: string): string => `/proc/self/fd/${folder}/${nameOf(id)}`;

/** What a process id means something in; "" where all processes see each other. */
export function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** Listens under that id from the moment on that this returns, until the returned function is called. */
export function listenAs(id: string, directory: string): () => void {
  if (processNamespace() === "") return () => {};
  const folder = openSync(directory, "r");
  const server = createServer((socket) => socket.destroy());
  // On a file system without sockets nobody in another container can tell.
  server.on("error", () => {});
  server.listen({ path: pathIn(folder, id), exclusive: true }).unref();
  return () => {
    server.close();
    closeSync(folder);
    rmSync(join(directory, nameOf(id)), { force: true });
  };
}

/** Whether somebody listens under that id. */
export async function isListening(id: string, directory: string): Promise<boolean> {
  const folder = openSync(directory, "r");
  try {
    return await new Promise((resolve) => {
      const socket = createConnection({ path: pathIn(folder, id) });
      socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "ENOENT" && code !== "ECONNREFUSED"));
      socket.on("connect", () => {
        socket.destroy();
        resolve(true);
      });
    });
  } finally {
    closeSync(folder);
  }
}
