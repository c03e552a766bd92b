import type { Entry, Link, Stored } from "./log.ts";
import { COMPONENTS, effectsOf, PARTS } from "./system.ts";

/** What was sent, and what was to become of it. */
export interface Sent {
  readonly n: number;
  readonly id: string;
  /** Its handler refuses it: it is parked, and leads to nothing. */
  readonly isPoison: boolean;
  /** Who gets the receipt. One who asked and was not told that it is stored sends it again, and names `audit`. */
  readonly replies: "to audit" | "to the asker" | "to either";
  /** The sender was told that it is stored. */
  readonly isAcknowledged: boolean;
}

/** A promise that was not kept, or not yet. */
export interface Finding {
  readonly promise:
    | "nothing lost"
    | "nothing twice"
    | "stored once"
    | "in order"
    | "only poison parked"
    | "nothing else";
  readonly what: string;
  /** The correlation id of what it happened to. */
  readonly correlationId: string;
}

/** Holds all that a server has stored against what was sent. Nothing that a process says of itself counts. */
export function findingsIn(entries: readonly Entry[], sent: readonly Sent[]): readonly Finding[] {
  const facts = new Facts(entries);
  return [
    ...sent.flatMap((one) => findingsOf(one, facts)),
    ...sent.flatMap((one) => disorderOf(one, facts)),
    ...strangersIn(facts, sent),
  ];
}

class Facts {
  readonly stored: readonly Stored[];
  /** Ids in the queue of each component, each with its place in the order, as its instances see them: a repeat is dropped. */
  readonly queues: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly parked: ReadonlyMap<string, readonly Stored[]>;
  readonly #byEffect: ReadonlyMap<string, readonly Stored[]>;
  readonly #at: ReadonlyMap<string, Entry>;

  constructor(entries: readonly Entry[]) {
    this.stored = entries.filter((entry) => entry.kind === "stored");
    this.#at = new Map(entries.map((entry) => [`${entry.revision}@${entry.stream}`, entry]));
    this.#byEffect = Map.groupBy(this.stored, (one) => `${one.stream}: ${describe(one)}`) as Map<string, Stored[]>;
    const linksIn = Map.groupBy(
      entries.filter((entry) => entry.kind === "link"),
      ({ stream }) => stream,
    );
    const originals = (stream: string): readonly Stored[] =>
      (linksIn.get(stream) ?? []).map((link) => this.#follow(link)).filter((one) => one !== undefined);
    this.queues = new Map(
      COMPONENTS.map((name) => {
        const ids = new Set(originals(`$ce-in.${name}`).map(({ id }) => id));
        return [name, new Map([...ids].map((id, place) => [id, place]))];
      }),
    );
    this.parked = new Map(
      COMPONENTS.map((name) => [name, originals(`$persistentsubscription-$ce-in.${name}::${name}-parked`)]),
    );
  }

  withEffect(stream: string, what: string): readonly Stored[] {
    return this.#byEffect.get(`${stream}: ${what}`) ?? [];
  }

  #follow(link: Link): Stored | undefined {
    let entry: Entry | undefined = link;
    while (entry?.kind === "link") entry = this.#at.get(entry.to);
    return entry;
  }
}

/** `<type> <n> <what tells it apart>`, which is the same for what is the same to a person. */
export function describe({ type, body }: Stored): string {
  return [type, body["n"], body["part"] ?? body["of"]].filter((part) => part !== undefined).join(" ");
}

function findingsOf({ n, id, isPoison, replies, isAcknowledged }: Sent, facts: Facts): readonly Finding[] {
  const finding = (promise: Finding["promise"], what: string): Finding => ({ promise, what, correlationId: id });
  if (!isAcknowledged) return [finding("nothing lost", `chaos.Take ${n} was never acknowledged`)];
  if (!facts.queues.get("desk")?.has(id)) return [finding("nothing lost", `chaos.Take ${n} is not in its queue`)];
  const isParked = facts.parked.get("desk")?.some((one) => one.id === id) ?? false;
  if (isPoison && !isParked) return [finding("nothing lost", `chaos.Take ${n}, which is to be parked, is not`)];
  const effects = effectsOf(n, replies === "to audit");
  if (isPoison) {
    return effects
      .filter(({ stream, what }) => facts.withEffect(stream, what).length > 0)
      .map(({ what }) => finding("nothing else", `${what} was stored, though its order is parked`));
  }
  return effects.flatMap(({ stream, what }) => {
    const found = facts.withEffect(stream, what);
    const ids = new Set(found.map((one) => one.id)).size;
    if (ids === 0) return [finding("nothing lost", `${what} is not in ${stream}`)];
    if (ids > 1) return [finding("nothing twice", `${what} is in ${stream} under ${ids} ids`)];
    // What is sent directly may be stored again under its id, for the receivers to drop.
    if (found.length > 1 && !/^in\.|\.direct$/.test(stream))
      return [finding("stored once", `${what} is in ${stream} ${found.length} times under one id`)];
    return [];
  });
}

/** What one handler has sent to one queue comes in the order in which it was sent. */
function disorderOf({ n, id, isPoison }: Sent, facts: Facts): readonly Finding[] {
  if (isPoison) return [];
  const places = facts.queues.get("scribe");
  return Object.entries(PARTS).flatMap(([from, parts]) => {
    const stream = from === "desk" ? "intermediate.desk" : "in.scribe-courier";
    const order = parts.map((part) => {
      const [first] = facts.withEffect(stream, `chaos.Write ${n} ${part}`);
      return first === undefined ? undefined : places?.get(first.id);
    });
    // What is not there is another finding.
    if (order.includes(undefined) || order.every((place, at) => at === 0 || place! > order[at - 1]!)) return [];
    const what = `the chaos.Write ${n} of ${from} are at the places ${order.join(", ")} of the queue of scribe`;
    return [{ promise: "in order" as const, what, correlationId: id }];
  });
}

/** What nobody has asked for: messages of no order, and parked ones that are not poison. */
function strangersIn(facts: Facts, sent: readonly Sent[]): readonly Finding[] {
  const poison = new Set(sent.filter(({ isPoison }) => isPoison).map(({ id }) => id));
  const known = new Set(
    sent.flatMap(({ n, replies }) =>
      effectsOf(n, replies !== "to the asker").map(({ stream, what }) => `${stream}: ${what}`),
    ),
  );
  const parked = [...facts.parked].flatMap(([component, messages]) =>
    messages
      .filter(({ id }) => !poison.has(id))
      .map((one): Finding => {
        const what = `${describe(one)} is parked by ${component}`;
        return { promise: "only poison parked", what, correlationId: one.correlationId };
      }),
  );
  const strangers = facts.stored
    .filter((one) => one.type.startsWith("chaos.") && one.type !== "chaos.Take")
    // A reply to one who asked from outside is in a queue of theirs.
    .filter((one) => !known.has(`${one.stream}: ${describe(one)}`))
    // What failed may be handled again later, and what an older version did not know.
    .filter(({ id, stream, retriedAfter }) => {
      const [, component = ""] = /^later\.(\w+)-/.exec(stream) ?? [];
      return retriedAfter === undefined || facts.queues.get(component)?.has(id) !== true;
    })
    .map((one): Finding => {
      return {
        promise: "nothing else",
        what: `${describe(one)} is in ${one.stream}`,
        correlationId: one.correlationId,
      };
    });
  return [...parked, ...strangers];
}

/** All that has to do with one order, in the order of the log: what a person reads first who asks what happened to it. */
export function trailOf(correlationId: string, entries: readonly Entry[]): readonly string[] {
  const mine = new Map<string, string>();
  const lines: string[] = [];
  for (const entry of entries) {
    const at = `${entry.revision}@${entry.stream}`;
    if (entry.kind === "stored" && entry.correlationId === correlationId) {
      mine.set(at, describe(entry));
      const retried = entry.retriedAfter === undefined ? "" : `, again after ${entry.retriedAfter}`;
      lines.push(`${at}  ${describe(entry)}  id ${entry.id}  because of ${entry.causationId ?? "nobody"}${retried}`);
    } else if (entry.kind === "link") {
      const what = mine.get(entry.to);
      if (what === undefined) continue;
      mine.set(at, what);
      if (/^\$ce-in\.|-parked$/.test(entry.stream)) lines.push(`${at}  → ${what}`);
    }
  }
  return lines;
}
