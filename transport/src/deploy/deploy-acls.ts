import { jsonEvent } from "../store/json-event.ts";
import { WrongRevision } from "../store/wrong-revision.ts";
import { type Access, defaultAclOf, type ProjectedStreams, rightsOf, type StreamRights } from "../topology/access.ts";
import { deferredStream, laterQueueStream, queueStream } from "../topology/stream-names.ts";
import type { Deployed } from "./deployed.ts";
import type { DeployHost } from "./host.ts";
import { hasAcl, isDeleted, type MetadataDocument, metadataText, readMetadata, withAcl } from "./stream-acl.ts";
import { sideBySide } from "./side-by-side.ts";
import type { Work } from "./work.ts";

/** The last event of it says what holds for streams whose metadata says nothing. */
export const SETTINGS = "$settings";
/** Looks until `$by_category` has linked what opens a queue, some 20 ms each at least. */
const PATIENCE = 500;

/** How the rights on a stream are against what they are to be. */
export interface AclState {
  readonly rights: StreamRights;
  readonly state:
    | "as deployed"
    /** It has none of its own yet. */
    | "absent"
    | "different"
    /** It holds nothing yet, and the projection that writes it would take other rights away. */
    | "not there yet"
    /** It was deleted: metadata would bring it back. */
    | "deleted";
}

/** Compares rights with what the server has. @throws ServerUnreachable, AccessRefused: metadata of queues are the administrators' to read */
export async function aclStates(
  host: Pick<DeployHost, "read">,
  component: string,
  projected: ProjectedStreams,
  access: Access,
): Promise<readonly AclState[]> {
  return sideBySide(rightsOf(component, projected, access), (rights) => stateOf(host, rights));
}

async function stateOf(host: Pick<DeployHost, "read">, rights: StreamRights): Promise<AclState> {
  const { document } = await lastDocument(host, `$$${rights.stream}`);
  if (isDeleted(document)) return { rights, state: "deleted" };
  if (hasAcl(document, rights.acl)) return { rights, state: "as deployed" };
  if (rights.isProjected && !isOpened(rights.stream) && (await isEmpty(host, rights.stream))) {
    return { rights, state: "not there yet" };
  }
  return { rights, state: document?.["$acl"] === undefined ? "absent" : "different" };
}

/** Queues are opened by the deployment; all else that projections write comes when it comes. */
const isOpened = (stream: string): boolean => stream.startsWith("$ce-in.") || stream.startsWith("$ce-later.");

/** Whether the settings of the server say what they are to say where it is to be closed. */
export async function isClosedAsWanted(host: Pick<DeployHost, "read">, access: Access): Promise<boolean> {
  const acl = access.closesServer ? defaultAclOf(access) : undefined;
  if (acl === undefined) return true;
  return hasAcl(settingsAsMetadata((await lastDocument(host, SETTINGS)).document), acl);
}

const settingsAsMetadata = (settings: MetadataDocument | undefined): MetadataDocument => ({
  $acl: settings?.["$userStreamAcl"],
});

/**
 * Gives the streams of a component their rights; what else stands in their metadata stays. Cut off anywhere, it goes on when called
 * again: each stream is compared first, and written at the revision at which it was read.
 */
export async function deployAcls(work: Work, deployed: Deployed, access: Access): Promise<void> {
  const { host, component } = work;
  await openQueues(work);
  for (const { rights, state } of await aclStates(host, component, deployed, access)) {
    if (state === "absent" || state === "different") await write(work, rights);
  }
  const defaults = access.closesServer ? defaultAclOf(access) : undefined;
  if (defaults === undefined || (await isClosedAsWanted(host, access))) return;
  await replaceDocument(host, work.newId, SETTINGS, "$settings", (document) => {
    const { $acl } = withAcl(settingsAsMetadata(document), defaults, undefined);
    return { ...document, $userStreamAcl: $acl };
  });
  work.done({ kind: "acl", name: SETTINGS, action: "updated" });
}

async function write(work: Work, { stream, acl, maxCount }: StreamRights): Promise<void> {
  let isNew = true;
  await replaceDocument(work.host, work.newId, `$$${stream}`, "$metadata", (document) => {
    isNew = document?.["$acl"] === undefined;
    return withAcl(document, acl, maxCount);
  });
  work.done({ kind: "acl", name: stream, action: isNew ? "created" : "updated" });
}

/**
 * Puts another document in the place of the last one of a stream, whatever others write there meanwhile.
 * @param change undefined where it is to stay as it is.
 */
export async function replaceDocument(
  host: Pick<DeployHost, "read" | "append">,
  newId: () => string,
  stream: string,
  type: string,
  change: (document: MetadataDocument | undefined) => MetadataDocument | undefined,
): Promise<void> {
  for (;;) {
    const { revision, document } = await lastDocument(host, stream);
    if (isDeleted(document)) return;
    const changed = change(document);
    if (changed === undefined) return;
    const event = jsonEvent(type, metadataText(changed), newId());
    try {
      await host.append(stream, [event], { expected: revision ?? "no stream" });
      return;
    } catch (error) {
      if (!(error instanceof WrongRevision)) throw error;
    }
  }
}

/**
 * `$by_category` lets everybody read a queue when it makes the first link there, whatever its metadata said before. So the first link
 * is made by the deployment, to an event of a system type, which receivers pass over; the rights are given after it.
 */
async function openQueues(work: Work): Promise<void> {
  const { host, component, newId, pause } = work;
  const openings = [
    { queue: queueStream(component), by: deferredStream(component) },
    { queue: laterQueueStream(component), by: `later.${component}-deployment` },
  ];
  for (const { queue, by } of openings) {
    if (!(await isEmpty(host, queue))) continue;
    try {
      await host.append(by, [jsonEvent("$sluice.Opened", "{}", newId())], { expected: "no stream" });
    } catch (error) {
      // It has been opened, and what was linked was truncated since; or the link is on its way.
      if (!(error instanceof WrongRevision)) throw error;
    }
    for (let looks = 0; looks < PATIENCE && (await isEmpty(host, queue)); looks += 1) await pause();
  }
}

const isEmpty = async (host: Pick<DeployHost, "read">, stream: string): Promise<boolean> =>
  (await host.read(stream, { limit: 1, direction: "backwards" })).length === 0;

async function lastDocument(
  host: Pick<DeployHost, "read">,
  stream: string,
): Promise<{ readonly revision: bigint | undefined; readonly document: MetadataDocument | undefined }> {
  const [last] = await host.read(stream, { direction: "backwards", limit: 1 });
  const { event } = last ?? {};
  if (event === undefined) return { revision: undefined, document: undefined };
  return { revision: event.revision, document: event.isJson ? readMetadata(event.data) : undefined };
}
