import { startEmbedded } from "@sluice/embedded";

/** The server: one that runs already, or one that is started in this process, on port 0 for any that is free. */
export type ServerChoice =
  | { readonly connectionString: string }
  | { readonly data: string; readonly port: number }
  | { readonly memory: true; readonly port: number };

/** Disposing stops it where it was started here. */
export interface RunningServer extends AsyncDisposable {
  readonly connectionString: string;
}

/**
 * The server that was chosen, running.
 * @param say told of what a person should look at.
 * @throws what `startEmbedded` throws.
 */
export async function startServer(choice: ServerChoice, say: (text: string) => void): Promise<RunningServer> {
  if ("connectionString" in choice) return { ...choice, [Symbol.asyncDispose]: async () => {} };
  const embedded = await startEmbedded({
    ...choice,
    onNote: (note) => {
      if (note.event === "projection-faulted") say(`Projection ${note.projection} faulted: ${note.reason}`);
    },
  });
  return { connectionString: embedded.connectionString, [Symbol.asyncDispose]: () => embedded.stop() };
}
