import { wait } from "../../../src/timing/wait.ts";
import { PanelSession } from "../../../src/stream-panel/host/panel-session.ts";
import { Browsing, type Change } from "../../../src/stream-panel/model/browsing.ts";
import type { WindowBudget } from "../../../src/stream-panel/model/event-window.ts";
import { parseToHost, parseToView, type ToView } from "../../../src/stream-panel/protocol.ts";
import type { EventReader } from "../../../src/event-store/event-store.ts";

/** Both halves of a panel without VS Code between them; messages travel as JSON, as they do there. */
export class PanelPair implements Disposable {
  readonly browsing: Browsing;
  readonly session: PanelSession;
  readonly told: ToView[] = [];
  readonly changes: Change[] = [];
  onTold: () => void = () => {};
  lost = 0;
  back = 0;
  #requests = 0;
  #wake = Promise.withResolvers<void>();

  constructor(open: () => Promise<EventReader>, budget?: WindowBudget, wait = shortly) {
    this.session = new PanelSession({
      open,
      wait,
      onState: (error) => {
        if (error === undefined) this.back++;
        else this.lost++;
        this.#told();
      },
      post: (message) => queueMicrotask(() => this.#receive(message)),
    });
    this.browsing = new Browsing({
      post: (message) => {
        const parsed = parseToHost(JSON.parse(JSON.stringify(message)));
        if (parsed === undefined) throw new Error(`no message: ${JSON.stringify(message)}`);
        queueMicrotask(() => this.session.handle(parsed));
      },
      nextRequest: () => ++this.#requests,
      onChange: (change) => this.changes.push(change),
      ...(budget !== undefined && { budget }),
    });
  }

  get keys(): readonly string[] {
    return this.browsing.window.rows.map(({ key }) => key);
  }

  /** Resolves once this is so; asked again after each message. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.#wake.promise;
  }

  /** Nothing is on its way. */
  settled(): Promise<void> {
    return this.until(
      () => this.browsing.search("before") === undefined && this.browsing.search("after") === undefined,
    );
  }

  /** The server was found to be away. */
  untilLost(): Promise<void> {
    const before = this.lost;
    return this.until(() => this.lost > before);
  }

  [Symbol.dispose](): void {
    this.session.dispose();
  }

  #receive(message: ToView): void {
    const parsed = parseToView(JSON.parse(JSON.stringify(message)));
    if (parsed === undefined) throw new Error(`no message: ${JSON.stringify(message)}`);
    this.told.push(parsed);
    this.browsing.receive(parsed);
    this.onTold();
    this.#told();
  }

  #told(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

/** Long enough for a server in another process to be asked again without end, and no longer. */
function shortly(_milliseconds: number, signal: AbortSignal): Promise<void> {
  return wait(10, signal);
}
