import { jsonEvent } from "../store/json-event.ts";
import { bodyOf, type ExpectedRevision, type ResolvedEvent } from "../store/event.ts";
import { deploymentStream } from "../topology/stream-names.ts";
import type { Change, DeployStep } from "./change.ts";
import type { Deployed } from "./deployed.ts";
import type { DeployHost } from "./host.ts";

/** What the journal of a component's deployments, `deployment.<component>`, says one after the other. */
export type JournalEntry = { readonly deployment: string } & (
  | { readonly kind: "begun"; readonly by: string; readonly change: Change }
  /** Whoever had begun it was silent for too long; `by` goes on in its place. */
  | { readonly kind: "taken over"; readonly by: string }
  /** It takes long, and is still being worked on. */
  | { readonly kind: "continued" }
  | { readonly kind: "completed"; readonly deployed: Deployed; readonly steps: readonly DeployStep[] }
  /** It was given up, and what it had stopped runs again. */
  | { readonly kind: "failed"; readonly reason: string }
);

/** A deployment that was begun and not ended. */
export interface OpenDeployment {
  readonly deployment: string;
  readonly by: string;
  readonly change: Change;
}

/** What the journal comes to. */
export interface Journal {
  /** Where its stream is. */
  readonly revision: bigint | "no stream";
  /** As the last deployment that was completed left it. */
  readonly deployed: Deployed | undefined;
  readonly open: OpenDeployment | undefined;
}

const TYPES = {
  begun: "sluice.DeploymentBegun",
  "taken over": "sluice.DeploymentTakenOver",
  continued: "sluice.DeploymentContinued",
  completed: "sluice.DeploymentCompleted",
  failed: "sluice.DeploymentFailed",
} as const satisfies Record<JournalEntry["kind"], string>;
const KINDS = new Map(Object.entries(TYPES).map(([kind, type]) => [type as string, kind as JournalEntry["kind"]]));
const PAGE = 100;

/** Reads the journal back to the last deployment that was completed. @throws ServerUnreachable, AccessRefused */
export async function readJournal(host: Pick<DeployHost, "read">, component: string): Promise<Journal> {
  let revision: Journal["revision"] = "no stream";
  let holder: string | undefined;
  let open: OpenDeployment | undefined;
  let isOpenKnown = false;
  for await (const { entry, revision: at } of backwards(host, component)) {
    if (revision === "no stream") revision = at;
    if (entry === undefined) continue;
    if (entry.kind === "completed") return { revision, deployed: entry.deployed, open };
    if (entry.kind === "failed") isOpenKnown = true;
    if (entry.kind === "taken over") holder ??= entry.by;
    if (entry.kind === "begun" && !isOpenKnown) {
      open = { deployment: entry.deployment, by: holder ?? entry.by, change: entry.change };
      isOpenKnown = true;
    }
  }
  return { revision, deployed: undefined, open };
}

/** One entry as it was read back. */
export interface ReadEntry {
  readonly entry: JournalEntry | undefined;
  readonly revision: bigint;
  readonly at: Date;
}

/** The entries of a journal, the last one first. */
export async function* backwards(host: Pick<DeployHost, "read">, component: string): AsyncGenerator<ReadEntry, void> {
  for (let from: bigint | "end" = "end"; ;) {
    const page: readonly ResolvedEvent[] = await host.read(deploymentStream(component), {
      from,
      direction: "backwards",
      limit: PAGE,
    });
    for (const { event } of page) {
      if (event !== undefined) yield { entry: entryOf(event), revision: event.revision, at: event.created };
    }
    const oldest = page.at(-1)?.event?.revision;
    if (page.length < PAGE || oldest === undefined || oldest === 0n) return;
    from = oldest - 1n;
  }
}

/** Appends an entry if nothing else has been appended. @throws WrongRevision, ServerUnreachable, AccessRefused */
export async function record(
  host: Pick<DeployHost, "append">,
  component: string,
  { kind, ...said }: JournalEntry,
  { expected, id }: { readonly expected: ExpectedRevision; readonly id: string },
): Promise<bigint> {
  const event = jsonEvent(TYPES[kind], JSON.stringify(said), id);
  return (await host.append(deploymentStream(component), [event], { expected })).revision;
}

/** What others have written into the stream is passed over. */
function entryOf(event: NonNullable<ResolvedEvent["event"]>): JournalEntry | undefined {
  const kind = KINDS.get(event.type);
  const said = bodyOf(event);
  return kind === undefined || typeof said !== "object" ? undefined : ({ kind, ...said } as JournalEntry);
}
