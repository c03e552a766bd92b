import type { Browsing } from "../model/browsing.ts";
import { keyOf, type Place } from "../../events/place.ts";
import type { ToHost } from "../protocol.ts";
import { DetailsReader } from "./details-reader.ts";

export interface SelectionOptions {
  readonly browsing: Browsing;
  readonly post: (message: ToHost) => void;
  readonly nextRequest: () => number;
  readonly onChange: () => void;
}

/** The rows that were picked, and all that is known of the one that keys act on. */
export class Selection {
  readonly #options: SelectionOptions;
  readonly details: DetailsReader;
  #active: Place | undefined;
  #marked: Place | undefined;
  #isDetailsOpen = false;

  constructor(options: SelectionOptions) {
    this.#options = options;
    this.details = new DetailsReader(options.post, options.nextRequest);
  }

  /** The row that keys act on. */
  get active(): Place | undefined {
    return this.#active;
  }

  /** The second row, with which the active one is compared. */
  get marked(): Place | undefined {
    return this.#marked;
  }

  get isDetailsOpen(): boolean {
    return this.#isDetailsOpen;
  }

  /** Where the active row stands among those that are held; -1 without one. */
  get index(): number {
    return this.#active === undefined ? -1 : this.#options.browsing.window.nearest(this.#active);
  }

  pick(place: Place, isExtending: boolean): void {
    this.#marked = isExtending ? (this.#marked ?? this.#active) : undefined;
    this.#activate(place);
  }

  /** Makes it the active one where it is not yet, and leaves the other one marked. */
  turnTo(place: Place): void {
    const isActive = this.#active !== undefined && keyOf(this.#active) === keyOf(place);
    if (!isActive) this.#activate(place);
  }

  /** Forgets what was picked and known in the part of the source that was shown before. */
  reset(active: Place | undefined): void {
    this.#marked = undefined;
    this.details.clear();
    this.#activate(active);
  }

  /** Picks one where none is, which was not asked for: its details are read when they are open, or will be. */
  propose(place: Place | undefined): void {
    if (this.#active === undefined && place !== undefined) this.#activate(place);
  }

  openDetails(): void {
    this.#isDetailsOpen = true;
    this.#activate(this.#active);
  }

  closeDetails(): void {
    this.#isDetailsOpen = false;
    this.#marked = undefined;
    this.#options.onChange();
  }

  /** Reads the details of the active row once more. */
  readAgain(): void {
    this.#activate(this.#active);
  }

  showMoreLines(): void {
    this.details.showMoreLines();
    this.#options.onChange();
  }

  /** Asks the host to do that with the active event, or with both that are picked. */
  act(what: "id" | "data" | "fixture" | "edit" | "append-like" | "show-flow" | "compare"): void {
    const { browsing, post } = this.#options;
    const { source } = browsing;
    const place = this.#active;
    if (place === undefined) {
      return;
    }
    if (what === "edit" || what === "append-like" || what === "show-flow") {
      post({ kind: what, source, place });
    } else if (what !== "compare") {
      post({ kind: "copy", what, source, place });
    } else if (this.#marked !== undefined) {
      post({ kind: "compare", source, places: [this.#marked, place] });
    }
  }

  #activate(place: Place | undefined): void {
    this.#active = place;
    if (this.#isDetailsOpen && place !== undefined) {
      this.details.read(this.#options.browsing.source, place);
    }
    this.#options.onChange();
  }
}
