/** Milliseconds that a commit is put off at most, however slow the disk is. */
const LONGEST_MS = 10;
/** How many commits could be made while one is put off; at 1, half of 32 writers came too late (measured: 16 % fewer writes). */
const PATIENT_COMMITS = 3;
/** Weight of the last commit, and of the last write, in what one is thought to take. */
const LAST_COMMIT = 1 / 4;
const LAST_WRITE = 1 / 16;

/**
 * How long a group of writes waits for others to share its commit.
 *
 * Writers who were answered together come back one after the other. If the first of them set off a commit at once, all
 * others would wait for it: one commit in two would carry a single write (seen: groups of 1 and 31 in turn where 32 write).
 * So a commit waits for as many as took part around the last one, or for half of them where the disk is quick: then one half
 * comes in while the other is written. Those who come back pass their client and this server first, which takes longer than
 * a quick commit. Who does not come in that time is not expected again, and whoever writes alone never waits.
 */
export class CommitPace {
  #expected = 0;
  /** Milliseconds that a commit takes. */
  #cost = 0;
  /** Milliseconds between two writes that come to one group. */
  #interval = 0;

  /** A write came to a group so many milliseconds after the one before. */
  came(after: number): void {
    this.#interval += (after - this.#interval) * LAST_WRITE;
  }

  /** A commit of so many writes has taken so many milliseconds, with others already waiting at its end. */
  committed(writes: number, waiting: number, milliseconds: number): void {
    this.#expected = writes + waiting;
    this.#cost += (milliseconds - this.#cost) * LAST_COMMIT;
  }

  /** Milliseconds for which a group that has so many writes should wait for more; 0 when it should go. */
  patience(writes: number): number {
    const isDiskQuick = 2 * this.#expected * this.#interval > this.#cost;
    const enough = isDiskQuick ? this.#expected / 2 : this.#expected;
    return writes >= enough ? 0 : Math.min(PATIENT_COMMITS * this.#cost, LONGEST_MS);
  }
}
