import { connect, type Connection, parseConnectionString, serverFeaturesService } from "@sluice/embedded/client";
import type { ComponentRights, ObservedComponent, OpenedDeployments } from "@sluice/transport/deploy";
import { intermediateStream, queueStream } from "@sluice/transport/topology";
import { outermostEvent } from "../server/raw-events.ts";
import type { Examination, StreamSize } from "./examination.ts";
import { clockOf } from "./server-clock.ts";

const DAY = 86_400_000;
/** Milliseconds; what is younger says nothing of its growth. */
const HOUR = 3_600_000;

/** Looks at a server. Changes nothing. @throws ServerUnreachable, AccessRefused, ConnectionStringError */
export async function examine(
  connectionString: string,
  deployments: Pick<OpenedDeployments, "observe" | "parked" | "rights">,
  signal: AbortSignal,
  onProgress: (text: string) => void,
): Promise<Examination> {
  const settings = parseConnectionString(connectionString);
  onProgress("looking at components …");
  const observation = await deployments.observe();
  const connection = await connect(settings);
  try {
    const features = await featuresOf(connection, signal);
    const { host, port } = connection.address;
    const clock = await clockOf({ host, port, tls: settings.tls }, Date.now, signal).catch(() => undefined);
    const parked = new Map<string, number | undefined>();
    const sizes: StreamSize[] = [];
    const rights = new Map<string, ComponentRights | undefined>();
    for (const component of observation.components) {
      onProgress(`looking at ${component.name} …`);
      parked.set(component.name, await parkedOf(deployments, component));
      sizes.push(...(await sizesOf(connection, component.name, signal)));
      if (component.deployed?.access !== undefined)
        rights.set(component.name, await deployments.rights(component.name).catch(unlessAllowed));
    }
    const server = `${host}:${port}`;
    return { server, now: new Date(), ...features, clock, observation, parked, sizes, rights };
  } finally {
    connection.close();
  }
}

/** Older servers, and proxies before them, do not know the question. */
async function featuresOf(
  connection: Connection,
  signal: AbortSignal,
): Promise<Pick<Examination, "version" | "methods">> {
  const { getSupportedMethods } = serverFeaturesService.methods;
  try {
    const told = await connection.unary(serverFeaturesService, getSupportedMethods, {}, signal);
    const methods = told.methods.map(({ serviceName, methodName }) => `${serviceName}/${methodName}`.toLowerCase());
    return { version: told.eventStoreServerVersion, methods: new Set(methods) };
  } catch (error) {
    signal.throwIfAborted();
    if (Reflect.get(Object(error), "code") === undefined) throw error;
    return { version: undefined, methods: undefined };
  }
}

/** The server counts all that was ever parked; what was dealt with stands in the component's record. */
async function parkedOf(
  deployments: Pick<OpenedDeployments, "parked">,
  { name, group }: ObservedComponent,
): Promise<number | undefined> {
  if (group === undefined || group.parked === 0) return 0;
  try {
    const groups = await deployments.parked(name).groups();
    return groups.reduce((sum, { count }) => sum + count, 0);
  } catch (error) {
    return unlessAllowed(error);
  }
}

/** Undefined for what this login may not see. */
function unlessAllowed(error: unknown): undefined {
  if (!(error instanceof Error && error.name === "AccessRefused")) throw error;
}

async function sizesOf(connection: Connection, component: string, signal: AbortSignal): Promise<readonly StreamSize[]> {
  const sizes: StreamSize[] = [];
  for (const stream of [queueStream(component), intermediateStream(component)]) {
    const outermost = (which: "first" | "last") =>
      outermostEvent(connection, stream, which, signal).catch((error: unknown) => {
        // Whoever may not read it hears so from what else was looked at.
        if (error instanceof Error && error.name === "NotAllowedError") return undefined;
        throw error;
      });
    const [first, last] = await Promise.all([outermost("first"), outermost("last")]);
    if (first === undefined || last === undefined) continue;
    const events = Number(last.revision - first.revision) + 1;
    const age = last.created.getTime() - first.created.getTime();
    sizes.push({ stream, component, events, perDay: age < HOUR ? undefined : (events / age) * DAY });
  }
  return sizes;
}
