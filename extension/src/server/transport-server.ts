import { openDeployments, type ParkedMessages, planOf } from "@sluice/transport/deploy";
import type { Credentials } from "../event-store/credentials.ts";
import type { Server } from "./server.ts";
import type { ServerFailure } from "./server-failure.ts";
import { transportConnectionString } from "./transport-connection-string.ts";
import { transportFailure } from "./transport-failure.ts";

/** Whoever is told by the record of what was done, where the connection has no login. */
const NOBODY = "vscode";

/** A way to a server by the transport's own code; `errorOf` makes the error that is thrown. See `openServer`. */
export function transportServer(
  connectionString: string,
  credentials: Credentials | undefined,
  errorOf: (failure: ServerFailure) => Error,
): Server {
  const login = credentials?.login;
  const given = transportConnectionString(connectionString, credentials);
  const at = /:\/\/(?:[^@/]*@)?([^?/]*)/.exec(given)?.[1] ?? "";
  const tls = !/[?&]tls=false(?:&|$)/i.test(given);
  const asked = { at, tls, login };
  async function told<Answer>(call: () => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : errorOf(transportFailure(error, asked));
    }
  }

  let deployments: ReturnType<typeof openDeployments>;
  try {
    deployments = openDeployments({ connectionString: given });
  } catch (error) {
    throw errorOf(transportFailure(error, asked));
  }
  const by = { by: login ?? NOBODY };
  const reading = new Map<string, InTurn>();
  const readingOf = (component: string): InTurn => {
    const known = reading.get(component) ?? inTurn(deployments.parked(component));
    reading.set(component, known);
    return known;
  };

  return {
    reader: {
      observe: (names) => told(() => deployments.observe(names)),
      planOf(shape, { components, statuses }) {
        const component = components.find(({ name }) => name === shape.name);
        const { deployed, open, problems = [], group } = component ?? {};
        return planOf(shape, { deployed, open, problems }, { statuses, group });
      },
      history: (component, limit) => told(() => deployments.history(component, limit)),
      parked: {
        groups: (component) => told(() => readingOf(component)((parked) => parked.groups())),
        list: (component, options) => told(() => readingOf(component)((parked) => parked.list(options))),
      },
    },
    writer: {
      deploy: (shape, listener) => told(() => deployments.deploy([shape], listener), listener.signal),
      prune: (shape, listener) => told(() => deployments.prune([shape], listener), listener.signal),
      repair: (component, listener) => told(() => deployments.repair(component, listener), listener.signal),
      retire: (component, options) => told(() => deployments.retire(component, options), options.signal),
      parked: {
        retry: (component, selection, options) =>
          told(() => deployments.parked(component).retry(selection, { ...by, ...options }), options.signal),
        archive: (component, selection, options) =>
          told(() => deployments.parked(component).archive(selection, { ...by, ...options }), options.signal),
        edit: (component, id, edit) => told(() => deployments.parked(component).edit(id, edit, by)),
      },
    },
    forget: () => reading.clear(),
    close: () => void deployments.close().catch(() => {}),
  };
}

type InTurn = <Answer>(read: (parked: ParkedMessages) => Promise<Answer>) => Promise<Answer>;

/** One read after the other: each goes on where the one before has got to. */
function inTurn(parked: ParkedMessages): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (read) => {
    const next = last.then(() => read(parked));
    last = next.catch(() => {});
    return next;
  };
}
