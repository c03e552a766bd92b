import type { Browsing, Change, Spot } from "../model/browsing.ts";
import type { Stop } from "../model/panel-state.ts";
import type { EventGrid } from "./event-grid.ts";

/** Keeps in sight what was, whatever comes or goes above it, and the newest events where those are followed. */
export class ScrollAnchor {
  /** Where the grid shall stand as soon as enough rows are there; the user's own scrolling ends it. */
  #at: NonNullable<Stop["top"]> | "end" | undefined;
  #change: Change = { shift: 0, isReset: false };

  get isAtEnd(): boolean {
    return this.#at === "end";
  }

  get isSet(): boolean {
    return this.#at !== undefined;
  }

  /** Shows this spot; of a place, so many pixels of its row scrolled away. */
  set(spot: Spot, offset = 0): void {
    this.#at = spot === "end" ? "end" : spot === "start" ? undefined : { place: spot, offset };
  }

  /** The user has taken over. The newest events are left by scrolling only: whoever follows them may pick one. */
  release(isFollowing: boolean): void {
    if (this.#at !== "end" || !isFollowing) {
      this.#at = undefined;
    }
  }

  add({ shift, isReset }: Change): void {
    this.#change = { shift: this.#change.shift + shift, isReset: this.#change.isReset || isReset };
  }

  /** After the rows were drawn: answers whether that moved anything. */
  settle(grid: EventGrid, browsing: Browsing, isPaused: boolean): boolean {
    const { window: held, live } = browsing;
    const { shift, isReset } = this.#change;
    this.#change = { shift: 0, isReset: false };
    if (live === "following" && this.#at === "end" && grid.isScrolledBack) {
      // Somebody who scrolls away from the newest events wants to read: the next ones wait.
      this.#at = undefined;
      browsing.hold();
    }
    if (this.#at === "end") {
      return grid.scrollToEnd();
    }
    if (this.#at !== undefined) {
      return grid.putOnTop(held.nearest(this.#at.place), this.#at.offset);
    }
    if (isReset) {
      return grid.putOnTop(0, 0);
    }
    if (shift !== 0) {
      return grid.shift(shift);
    }
    if (live === "held" && !isPaused && held.end.isReached && grid.isAtEnd) {
      this.#at = "end";
      browsing.release();
    }
    return false;
  }
}
