import type { ServerUnreachableError } from "../../event-store/errors.ts";
import type { EventReader } from "../../event-store/event-store.ts";
import { patientReader } from "../../stream-panel/reading/patient-reader.ts";
import type { ToHost, ToView, Way } from "../protocol.ts";
import { type Asked, FoundEvents, type Progress } from "../reading/conversation.ts";
import { LogSearch } from "../reading/log-search.ts";
import { type DecodeSnapshot, readCourse } from "../reading/read-course.ts";
import { readIndex } from "../reading/read-index.ts";
import { readLinks } from "../reading/read-links.ts";
import { readParkings } from "../reading/read-parkings.ts";

export interface FlowSessionOptions {
  readonly asked: Asked;
  readonly post: (message: ToView) => void;
  readonly open: () => Promise<EventReader>;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Told when the server goes away and when it is back. */
  readonly onState: (lost: ServerUnreachableError | undefined) => void;
  /** Events of the log that a search looks at each way before the user is asked whether to go on. Default: 20,000. */
  readonly searchBound?: number;
  /** Loaded when the first snapshot is looked at. */
  readonly snapshots: () => Promise<DecodeSnapshot>;
}

const SEARCH_BOUND = 20_000;

type Of<Kind extends ToHost["kind"]> = ToHost & { kind: Kind };

interface Running {
  /** Aborted when nobody waits any more. */
  readonly left: AbortController;
  /** Aborted when what was found is enough. */
  readonly enough: AbortController;
}

/** Reads one conversation for its webview; knows nothing of VS Code, so that it is tested without it. */
export class FlowSession {
  readonly #options: FlowSessionOptions;
  readonly #reader: EventReader;
  readonly #running = new Map<number, Running>();
  #events = new FoundEvents();
  #search: LogSearch | undefined;
  #why: (Way & { kind: "search" })["why"] = "no-index";

  constructor(options: FlowSessionOptions) {
    this.#options = options;
    this.#reader = patientReader(options);
  }

  handle(message: ToHost): void {
    switch (message.kind) {
      case "ready":
        this.leave();
        break;
      case "read":
        this.#run(message.request, (running) => this.#read(message, running));
        break;
      case "links":
        this.#run(message.request, (running) => this.#links(message, running));
        break;
      case "course":
        this.#run(message.request, (running) => this.#course(message, running));
        break;
      case "stop":
        this.#running.get(message.request)?.enough.abort();
        break;
      default:
      // The rest is for the panel around it.
    }
  }

  /** Ends what the view has asked for: it is gone, and one that begins anew counts its requests anew. */
  leave(): void {
    for (const { left } of this.#running.values()) left.abort();
    this.#running.clear();
  }

  dispose(): void {
    this.leave();
  }

  #run(request: number, work: (running: Running) => Promise<void>): void {
    const running: Running = { left: new AbortController(), enough: new AbortController() };
    this.#running.set(request, running);
    void work(running)
      .catch((error: unknown) => {
        if (running.left.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        this.#options.post({ kind: "failed", request, message });
      })
      .finally(() => this.#running.get(request) === running && this.#running.delete(request));
  }

  async #read({ request, isFurther }: Of<"read">, { left, enough }: Running): Promise<void> {
    const { asked, post, searchBound = SEARCH_BOUND } = this.#options;
    const onProgress = (progress: Progress): void => post({ kind: "progress", request, ...progress });
    let isStopped = false;
    let way: Way | undefined;
    if (!isFurther || this.#search === undefined) {
      this.#search = undefined;
      const index = await readIndex(this.#reader, asked, left.signal, onProgress);
      this.#events = index?.events ?? new FoundEvents();
      if (index !== undefined && !index.isBehind) {
        const { stream, gone, isCut } = index;
        way = { kind: "index", stream, gone, isCut };
      } else {
        this.#why = index === undefined ? "no-index" : "index-behind";
        this.#search = new LogSearch(asked, this.#events, searchBound);
      }
    }
    if (this.#search !== undefined) {
      isStopped = await this.#searchOn(this.#search, { left, enough }, onProgress);
      way = this.#wayOf(this.#search, isStopped);
    }
    if (way === undefined) return;
    const events = this.#events.all;
    const { parkings, cut, denied } = await readParkings(this.#reader, events, left.signal);
    post({
      kind: "conversation",
      request,
      events: [...events],
      parkings: [...parkings],
      cutParkings: [...cut],
      deniedParkings: [...denied],
      way,
    });
  }

  /** Answers whether the user had enough before it had come as far as it may. */
  async #searchOn(
    search: LogSearch,
    { left, enough }: Running,
    onProgress: (progress: Progress) => void,
  ): Promise<boolean> {
    try {
      await search.goOn(this.#reader, AbortSignal.any([left.signal, enough.signal]), onProgress);
      return false;
    } catch (error) {
      if (left.signal.aborted || !enough.signal.aborted) throw error;
      return true;
    }
  }

  #wayOf(search: LogSearch, isStopped: boolean): Way {
    const { before, after } = search.edges;
    return {
      kind: "search",
      why: this.#why,
      looked: search.looked,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      isStopped,
      isCut: this.#events.isFull,
    };
  }

  async #links({ request }: Of<"links">, { left }: Running): Promise<void> {
    const { post } = this.#options;
    const onProgress = (looked: number): void => post({ kind: "progress", request, looked });
    const { links, looked, isWhole } = await readLinks(this.#reader, this.#events.all, left.signal, onProgress);
    post({ kind: "links", request, links: [...links], looked, isWhole });
  }

  async #course({ request, stream }: Of<"course">, { left }: Running): Promise<void> {
    const { post, snapshots } = this.#options;
    const decode = await snapshots();
    const { events, snapshots: stored, isWhole } = await readCourse(this.#reader, stream, decode, left.signal);
    post({ kind: "course", request, stream, events: [...events], snapshots: [...stored], isWhole });
  }
}
