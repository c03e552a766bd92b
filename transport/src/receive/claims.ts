/** What an instance tells the others of its component. */
export interface Note {
  readonly instance: string;
  /** It has started, or it stops. */
  readonly state?: "joined" | "left" | undefined;
  /** Messages that it is about to handle, each with the id of the link by which it has it. */
  readonly begun?: readonly (readonly [id: string, link: string])[] | undefined;
  /** Messages that it has handled. */
  readonly handled?: readonly string[] | undefined;
  /** Messages that it has begun before and not handled: another copy of them may be handled. */
  readonly released?: readonly string[] | undefined;
}

interface Claim {
  readonly instance: string;
  readonly link: string;
  readonly until: number;
  /** The server has given the same link to another instance since. */
  isTakenOver: boolean;
}

/**
 * An instance of which nothing was heard while this one handled so many messages is gone: the queue's messages are shared among all.
 * Unless it has one in hand.
 */
const SILENT = 1_000;

/**
 * Which messages the instances of a component have in hand, as the log of their notes tells it: of two that have copies of one message
 * the one whose note came first handles it. Two deliveries of one link are no copies: the server has taken the message from the one
 * and given it to the other.
 */
export class Claims {
  readonly #own: string;
  readonly #time: number;
  readonly #claims = new Map<string, Claim[]>();
  /** The other instances, and what this one had handled when it last heard of them. */
  readonly #others = new Map<string, number>();
  #handled = 0;

  /** @param time milliseconds after which a claim is void: the server has taken the message from whoever made it. */
  constructor(own: string, time: number) {
    this.#own = own;
    this.#time = time;
  }

  /** Somebody else may have copies of the messages that come here. */
  get hasOthers(): boolean {
    return this.#others.size > 0;
  }

  /** Takes note, in the order of the log. */
  take(note: Note, now: number): void {
    const { instance, state, begun = [], handled = [], released = [] } = note;
    if (instance !== this.#own) {
      if (state === "left") this.#others.delete(instance);
      else this.#others.set(instance, this.#handled);
    }
    // What it has let go and begun again within one note is in its hand.
    for (const id of released) this.#drop(id, (claim) => claim.instance === instance);
    for (const [id, link] of begun) {
      const claims = this.#claims.get(id) ?? [];
      for (const before of claims) before.isTakenOver ||= before.link === link && before.instance !== instance;
      claims.push({ instance, link, until: now + this.#time, isTakenOver: false });
      this.#claims.set(id, claims);
    }
    for (const id of handled) this.#claims.delete(id);
    if (state === "left") for (const id of this.#claims.keys()) this.#drop(id, (claim) => claim.instance === instance);
    this.#forgetVoid(now);
  }

  /** This instance has handled a message. */
  handled(now: number): void {
    this.#handled += 1;
    if (this.#handled % SILENT !== 0) return;
    const claims = [...this.#claims.values()].flat().filter(({ until }) => until > now);
    const busy = new Set(claims.map(({ instance }) => instance));
    for (const [instance, heard] of this.#others) {
      if (this.#handled - heard >= SILENT && !busy.has(instance)) this.#others.delete(instance);
    }
  }

  /** Another instance has a copy of the message in hand and was first. @param link by which this instance has it. */
  isTaken(id: string, link: string, now: number): boolean {
    const first = this.#claims
      .get(id)
      ?.find((claim) => claim.until > now && !claim.isTakenOver && (this.#isOwn(claim) || claim.link !== link));
    return first !== undefined && !this.#isOwn(first);
  }

  /** Another instance had the message in hand by this very link, and has not told what has become of it. */
  isTakenOver(id: string, link: string, now: number): boolean {
    return (
      this.#claims.get(id)?.some((claim) => claim.until > now && !this.#isOwn(claim) && claim.link === link) ?? false
    );
  }

  #isOwn(claim: Claim): boolean {
    return claim.instance === this.#own;
  }

  #drop(id: string, isDropped: (claim: Claim) => boolean): void {
    const left = this.#claims.get(id)?.filter((claim) => !isDropped(claim)) ?? [];
    if (left.length === 0) this.#claims.delete(id);
    else this.#claims.set(id, left);
  }

  #forgetVoid(now: number): void {
    for (const [id, claims] of this.#claims) {
      if ((claims.at(-1)?.until ?? 0) > now) return;
      this.#claims.delete(id);
    }
  }
}
