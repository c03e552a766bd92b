import { setImmediate as turn } from "node:timers/promises";

/** The tasks of each key in a line of their own: one round of each line at a time, the lines side by side. */
export class TaskQueues<Task> {
  readonly #round: (waiting: Task[]) => Promise<void>;
  readonly #lines = new Map<string, Task[]>();

  /** @param round takes the tasks that it deals with from the front of those that wait, one at least. Never rejects. */
  constructor(round: (waiting: Task[]) => Promise<void>) {
    this.#round = round;
  }

  add(key: string, task: Task): void {
    const line = this.#lines.get(key);
    if (line !== undefined) return void line.push(task);
    const begun = [task];
    this.#lines.set(key, begun);
    void this.#run(key, begun);
  }

  async #run(key: string, line: Task[]): Promise<void> {
    // Those that come in one turn of the event loop are there together.
    await turn();
    while (line.length > 0) await this.#round(line);
    this.#lines.delete(key);
  }
}
