import type { Browsing } from "../model/browsing.ts";
import { Rate } from "../model/rate.ts";
import type { ScrollAnchor } from "./scroll-anchor.ts";

/** What the user does with the newest events. */
export class LiveControl {
  readonly #browsing: Browsing;
  readonly #anchor: ScrollAnchor;
  readonly rate = new Rate();
  #isPaused = false;

  constructor(browsing: Browsing, anchor: ScrollAnchor) {
    this.#browsing = browsing;
    this.#anchor = anchor;
  }

  /** The user holds them, wherever the grid is scrolled to. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  toggle(): void {
    this.#isPaused = false;
    if (this.#browsing.live === "off") {
      this.#anchor.set("end");
      this.#browsing.follow();
    } else {
      this.#browsing.unfollow();
    }
  }

  togglePause(): void {
    if (this.#browsing.live === "following") {
      this.#isPaused = true;
      this.#browsing.hold();
    } else if (this.#browsing.live === "held") {
      this.showHeld();
    }
  }

  /** Where they are followed, goes to the newest events, and on with them; answers whether they are. */
  toNewest(): boolean {
    if (this.#browsing.live === "off") return false;
    this.showHeld();
    return true;
  }

  /** Goes to the newest events, and on with them. */
  showHeld(): void {
    this.#isPaused = false;
    this.#anchor.set("end");
    this.#browsing.release();
  }
}
