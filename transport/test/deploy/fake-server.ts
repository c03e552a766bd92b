import type { DeployEnvironment, DeployHost } from "../../src/deploy/host.ts";
import type { ResolvedEvent, StoredEvent } from "../../src/store/event.ts";
import type { DeployedProjection, ProjectionState } from "../../src/store/projections.ts";
import { WrongRevision } from "../../src/store/wrong-revision.ts";
import { compileProjection, type CompiledProjection, type ProjectedEvent } from "../topology/run-projection.ts";

interface FakeProjection {
  readonly id: number;
  text: string;
  state: ProjectionState;
  /** Number in its source of the next event it handles. */
  next: number;
}

/** A process that is killed where it stands. */
export class Killed extends Error {}

/** An original event with its place in the log. */
interface Original {
  readonly stream: string;
  readonly number: number;
  readonly type: string;
  readonly metadata: Record<string, unknown>;
  readonly position: number;
}

/** Where a link leads, and what its metadata say of the projection that made it. */
interface Link {
  readonly to: Original;
  readonly by: number;
  readonly source: string;
  readonly number: number;
}

/**
 * As much of a server as a deployment sees: streams, groups, and projections that handle what is there whenever they run and fault
 * when they write where another one has written. Each process that deploys has a way of its own to it, and may be killed before or
 * after any of its calls; between any two calls more is sent.
 */
export class FakeServer {
  readonly projections = new Map<string, FakeProjection>();
  readonly #texts = new Map<string, string>();
  readonly #originals: Original[] = [];
  readonly #links = new Map<string, Link[]>();
  /** All links into queues and out-streams, in the order they were made. */
  readonly made: { readonly stream: string; readonly to: Original }[] = [];
  readonly #appended = new Map<string, StoredEvent[]>();
  readonly #groups = new Map<string, { messageTimeout: number; maxRetryCount: number }>();
  readonly #between: () => number;
  #time = 0;
  #ids = 0;

  /** @param between how much is sent before the next call. */
  constructor(between: () => number = () => 0) {
    this.#between = between;
  }

  /** Sends `count` messages of the types T0, T1 and T2, as events of another component. */
  publish(count: number): void {
    for (let n = 0; n < count; n += 1) this.add("out-other.direct", `T${this.#originals.length % 3}`);
    this.run();
  }

  add(stream: string, type: string, metadata: Record<string, unknown> = {}): void {
    const number = this.#originals.filter((original) => original.stream === stream).length;
    this.#originals.push({ stream, number, type, metadata, position: this.#originals.length });
  }

  /** Positions of the originals that were linked into a component's queue, in the order of the links. */
  queued(component: string): readonly number[] {
    return this.made.flatMap(({ stream, to }) => (stream.startsWith(`in.${component}-`) ? [to.position] : []));
  }

  /** Positions of all events of a type. */
  all(type: string): readonly number[] {
    return this.#originals.flatMap((original) => (original.type === type ? [original.position] : []));
  }

  typeOf(position: number): string {
    return this.#originals[position]!.type;
  }

  get size(): number {
    return this.#originals.length;
  }

  /** Faults a projection, whose last `lost` links were not written any more. */
  fault(name: string, lost: number): void {
    const projection = this.projections.get(name)!;
    projection.state = "faulted";
    for (const [stream, links] of this.#links) {
      if (links.at(-1)?.by !== projection.id) continue;
      for (let n = 0; n < lost && links.at(-1)?.by === projection.id; n += 1) {
        const { to } = links.pop()!;
        this.made.splice(
          this.made.findLastIndex((made) => made.stream === stream && made.to === to),
          1,
        );
      }
      return;
    }
  }

  /** What a person does who edits a projection: it runs on with another text. */
  edit(name: string, text: (before: string) => string): void {
    const projection = this.projections.get(name)!;
    projection.text = text(projection.text);
    this.#texts.set(name, projection.text);
  }

  delete(name: string): void {
    this.projections.delete(name);
  }

  /** A process of its own. @param killAt its n-th call is its last; `after`: that one is still done. */
  process(killAt = Infinity, after = false): DeployHost {
    let calls = 0;
    const call = async <Answer>(answer: () => Answer): Promise<Answer> => {
      await Promise.resolve();
      this.publish(this.#between());
      calls += 1;
      if (calls > killAt || (calls === killAt && !after)) throw new Killed();
      const answered = answer();
      if (calls === killAt) throw new Killed();
      return answered;
    };
    const change = (name: string, does: (found: FakeProjection) => void): Promise<boolean> =>
      call(() => {
        const found = this.projections.get(name);
        if (found === undefined) throw new Error(`${name} is not there`);
        does(found);
        this.run();
        return true;
      });
    const find = (name: string): DeployedProjection | undefined => {
      const found = this.projections.get(name);
      if (found === undefined) return undefined;
      const { text, state, next } = found;
      const position = `x: ${next - 1}`;
      return { text, emits: true, state, status: state, reason: "", progress: 100, position, checkpoint: "" };
    };
    return {
      address: "fake",
      append: (stream, events, { expected = "any" } = {}) =>
        call(() => {
          const there = this.#appended.get(stream) ?? [];
          const actual = there.length === 0 ? "no stream" : BigInt(there.length - 1);
          if (expected !== "any" && expected !== actual) throw new WrongRevision(stream, expected, undefined);
          for (const event of events) {
            there.push({ ...event, stream, revision: BigInt(there.length), position: undefined, created: new Date(0) });
          }
          this.#appended.set(stream, there);
          return { revision: BigInt(there.length - 1), position: undefined };
        }),
      read: (stream, { from, direction = "forwards", limit, followsLinks = false }) =>
        call(() => {
          const all = this.#streamOf(stream, followsLinks);
          if (direction === "forwards") return all.slice(typeof from === "bigint" ? Number(from) : 0).slice(0, limit);
          return all
            .slice(0, typeof from === "bigint" ? Number(from) + 1 : all.length)
            .toReversed()
            .slice(0, limit);
        }),
      logEnd: () => call(() => BigInt(this.#originals.length - 1)),
      projections: {
        find: (name) => call(() => find(name)),
        statusOf: (name) => call(() => find(name)),
        list: () => call(() => new Map([...this.projections.keys()].map((name) => [name, find(name)!]))),
        lastText: (name) => call(() => this.#texts.get(name)),
        create: (name, text) =>
          call(() => {
            if (this.projections.has(name)) return false;
            this.projections.set(name, { id: (this.#ids += 1), text, state: "running", next: 0 });
            this.#texts.set(name, text);
            this.run();
            return true;
          }),
        update: (name, text) =>
          change(name, (found) => {
            if (found.state !== "running" && found.state !== "stopped") throw new Error(`${name} is ${found.state}`);
            found.text = text;
            this.#texts.set(name, text);
          }),
        enable: (name) => change(name, (found) => void (found.state = "running")),
        disable: (name) => change(name, (found) => void (found.state = "stopped")),
        remove: (name) => change(name, () => void this.projections.delete(name)),
      },
      groups: {
        find: ({ group }) =>
          call(() => {
            const found = this.#groups.get(group);
            return (
              found && {
                ...found,
                resolvesLinks: true,
                parked: 0,
                consumers: 0,
                inFlight: 0,
                checkpoint: undefined,
                lastKnown: undefined,
              }
            );
          }),
        create: ({ group }, settings) => call(() => !this.#groups.has(group) && !!this.#groups.set(group, settings)),
        update: ({ group }, settings) => call(() => void this.#groups.set(group, settings)),
        remove: ({ group }) => call(() => this.#groups.delete(group)),
      },
    };
  }

  /** Time passes only where somebody waits. */
  environment(): DeployEnvironment {
    return {
      now: () => this.#time,
      random: () => 0.5,
      newId: () => `${(this.#ids += 1)}`,
      sleep: async (milliseconds) => {
        this.#time += milliseconds;
        for (let turn = 0; turn < 3; turn += 1) await Promise.resolve();
      },
    };
  }

  /** Lets the projections handle all that is there. */
  run(): void {
    for (const projection of this.projections.values()) {
      if (projection.state !== "running") continue;
      const { linksOf } = compiled(projection.text);
      const source = sourceOf(projection.text);
      const events = this.#sourceEvents(source);
      for (; projection.next < events.length && projection.state === "running"; projection.next += 1) {
        const to = events[projection.next]!;
        for (const [target] of linksOf(projected(to))) {
          const links = this.#links.get(target) ?? [];
          if (links.length > 0 && links.at(-1)!.by !== projection.id) projection.state = "faulted";
          else {
            links.push({ to, by: projection.id, source, number: projection.next });
            this.#links.set(target, links);
            this.made.push({ stream: target, to });
          }
        }
      }
    }
  }

  #sourceEvents(source: string): readonly Original[] {
    const category = source.startsWith("$ce-") ? source.slice("$ce-".length) : undefined;
    return this.#originals.filter(({ stream }) =>
      category === undefined ? stream === source : stream.startsWith(`${category}-`),
    );
  }

  #streamOf(stream: string, followsLinks: boolean): readonly ResolvedEvent[] {
    const appended = this.#appended.get(stream);
    if (appended !== undefined) return appended.map((event) => ({ event, link: undefined }));
    if (stream.startsWith("$ce-")) {
      return this.#sourceEvents(stream).map((to, number) => {
        const link = stored(stream, number, "$>", { $c: to.position });
        return followsLinks ? { event: storedOriginal(to), link } : { event: link, link: undefined };
      });
    }
    const links = this.#links.get(stream);
    if (links !== undefined) {
      return links.map(({ to, source, number }, revision) => {
        const link = stored(stream, revision, "$>", { $s: { [source]: number } });
        return followsLinks ? { event: storedOriginal(to), link } : { event: link, link: undefined };
      });
    }
    return this.#sourceEvents(stream).map((to) => ({ event: storedOriginal(to), link: undefined }));
  }
}

const scripts = new Map<string, CompiledProjection>();

/** A script keeps no state from event to event. */
function compiled(text: string): CompiledProjection {
  const script = scripts.get(text) ?? compileProjection(text);
  scripts.set(text, script);
  return script;
}

function sourceOf(text: string): string {
  const [kind, name] = compiled(text).source.split(" ");
  return kind === "category" ? `$ce-${name}` : name!;
}

const projected = ({ stream, number, type, metadata, position }: Original): ProjectedEvent => ({
  eventType: type,
  streamId: stream,
  sequenceNumber: number,
  metadataRaw: JSON.stringify(metadata),
  linkMetadata: { $c: position },
});

const storedOriginal = ({ stream, number, type, metadata }: Original): StoredEvent =>
  stored(stream, number, type, metadata);

const stored = (stream: string, revision: number, type: string, metadata: object): StoredEvent => ({
  id: `${revision}@${stream}`,
  type,
  isJson: true,
  data: new Uint8Array(),
  metadata: Buffer.from(JSON.stringify(metadata)),
  stream,
  revision: BigInt(revision),
  position: undefined,
  created: new Date(0),
});
