/** What is asked of the host, one thing of each kind at a time: what was asked before is not waited for any more. */
export class Asked<Wanted extends string> {
  readonly #requests = new Map<Wanted, number>();
  #last = 0;

  /** @returns the number to ask with */
  ask(wanted: Wanted): number {
    const request = ++this.#last;
    this.#requests.set(wanted, request);
    return request;
  }

  /** The number that was asked with, while that is waited for. */
  of(wanted: Wanted): number | undefined {
    return this.#requests.get(wanted);
  }

  isAwaited(request: number): boolean {
    return [...this.#requests.values()].includes(request);
  }

  /** Takes an answer. @returns whether it was waited for */
  take(request: number): boolean {
    for (const [wanted, asked] of this.#requests) if (asked === request) return this.#requests.delete(wanted);
    return false;
  }
}
