import { seeded } from "../seeded.ts";

/** What goes wrong once, for all to see in the report of a run. Milliseconds, unless it says otherwise. */
export type Fault =
  /** `kill -9`; it is started again at once. */
  | { readonly kind: "instance killed"; readonly instance: number }
  /** SIGSTOP for longer than the message timeout, then SIGCONT. */
  | { readonly kind: "instance frozen"; readonly instance: number; readonly for: number }
  /** The wall clock of its process goes so far ahead, or back. */
  | { readonly kind: "clock jumped"; readonly instance: number; readonly by: number }
  /** `kill -9`, and started on its data. */
  | { readonly kind: "server killed"; readonly awayFor: number }
  | { readonly kind: "connections cut" }
  /** Nobody leads for a while, then another node does. */
  | { readonly kind: "leader changed"; readonly to: number; readonly noneFor: number }
  /** The leading node is gone, connections and all, and comes back as a follower. */
  | { readonly kind: "leader killed"; readonly to: number; readonly awayFor: number }
  /** The leading node answers nothing, not even pings, and leads on afterwards. */
  | { readonly kind: "leader frozen"; readonly for: number }
  /** So many appends are answered as in an election. */
  | { readonly kind: "appends aborted"; readonly answer: number; readonly times: number }
  /** So many appends are done and their answers lost. */
  | { readonly kind: "append answers lost"; readonly times: number }
  /** So many subscriptions are never confirmed, from a cut on. */
  | { readonly kind: "subscriptions never confirmed"; readonly times: number }
  /** What was sent before is sent again under the same id, by the same sender or another. */
  | {
      readonly kind: "sent again";
      readonly since: "just now" | "the beginning";
      readonly by: "same" | "other";
      readonly count: number;
    }
  /** A newer version is deployed, and killed so long after it has begun. */
  | { readonly kind: "deployment interrupted"; readonly after: number }
  /** An older version runs beside the others for a while. */
  | { readonly kind: "older version started"; readonly for: number };

export type FaultKind = Fault["kind"];

/** What happens while some of the orders are sent. */
export interface Round {
  readonly orders: number;
  /** At the same time, each so long after the round has begun. */
  readonly faults: readonly { readonly at: number; readonly fault: Fault }[];
}

export interface PlanSettings {
  readonly seed: number;
  readonly orders: number;
  readonly rounds: number;
  readonly faultsInRound: number;
  readonly instances: number;
  readonly nodes: number;
  /** How many ways there are to answer an append in an election. */
  readonly answers: number;
  /** Longer than the message timeout. */
  readonly freezeFor: number;
}

/** Decides what goes wrong when, from the seed alone; each kind comes once before any comes twice. */
export function planOf(settings: PlanSettings): readonly Round[] {
  const random = seeded(settings.seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const make: { readonly [Kind in FaultKind]: () => Fault & { readonly kind: Kind } } = {
    "instance killed": () => ({ kind: "instance killed", instance: upTo(settings.instances) }),
    "instance frozen": () => ({
      kind: "instance frozen",
      instance: upTo(settings.instances),
      for: settings.freezeFor + upTo(1_000),
    }),
    "clock jumped": () => ({
      kind: "clock jumped",
      instance: upTo(settings.instances),
      by: (random() < 0.5 ? -1 : 1) * (1_000 + upTo(7_200_000)),
    }),
    "server killed": () => ({ kind: "server killed", awayFor: upTo(1_000) }),
    "connections cut": () => ({ kind: "connections cut" }),
    "leader changed": () => ({ kind: "leader changed", to: upTo(settings.nodes), noneFor: upTo(1_500) }),
    "leader killed": () => ({ kind: "leader killed", to: upTo(settings.nodes), awayFor: 200 + upTo(1_500) }),
    "leader frozen": () => ({ kind: "leader frozen", for: 500 + upTo(2_500) }),
    "appends aborted": () => ({ kind: "appends aborted", answer: upTo(settings.answers), times: 1 + upTo(12) }),
    "append answers lost": () => ({ kind: "append answers lost", times: 1 + upTo(6) }),
    "subscriptions never confirmed": () => ({ kind: "subscriptions never confirmed", times: 1 + upTo(4) }),
    "sent again": () => ({
      kind: "sent again",
      since: random() < 0.5 ? "just now" : "the beginning",
      by: random() < 0.5 ? "same" : "other",
      count: 1 + upTo(6),
    }),
    "deployment interrupted": () => ({ kind: "deployment interrupted", after: upTo(1_500) }),
    "older version started": () => ({ kind: "older version started", for: 500 + upTo(2_500) }),
  };
  const kinds = Object.keys(make) as FaultKind[];
  let deck: FaultKind[] = [];
  const draw = (): FaultKind | undefined => {
    if (deck.length === 0) deck = [...kinds];
    return deck.splice(upTo(deck.length), 1)[0];
  };
  return Array.from({ length: settings.rounds }, (_, round) => ({
    orders: share(settings.orders, settings.rounds, round),
    faults: Array.from({ length: settings.faultsInRound }, draw)
      .filter((kind) => kind !== undefined)
      .map((kind) => ({ at: upTo(500), fault: make[kind]() })),
  }));
}

/** As a line of a report. */
export function describeFault({ kind, ...facts }: Fault): string {
  const said = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return said.length === 0 ? kind : `${kind} (${said.join(", ")})`;
}

function share(all: number, parts: number, part: number): number {
  return Math.floor(((part + 1) * all) / parts) - Math.floor((part * all) / parts);
}
