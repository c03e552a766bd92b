/** What a host and the thread that runs a script tell each other. Plain data. */

/** An event as it is stored. */
export interface ScriptRecord {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly type: string;
  readonly isJson: boolean;
  readonly created: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as a projection gets it: through a link, where it lies behind one. Without `event` the link leads nowhere. */
export interface ScriptEvent {
  readonly event?: ScriptRecord;
  readonly link?: ScriptRecord;
}

/** What a script reads. */
export interface ScriptSource {
  readonly all: boolean;
  readonly streams: readonly string[];
  readonly categories: readonly string[];
}

/** What a script would write. */
export interface ScriptEmission {
  readonly stream: string;
  /** `$>` for a link. */
  readonly type: string;
}

export interface ScriptFault {
  /** In the words of the server. */
  readonly message: string;
  /** Line of the script, from 1. */
  readonly line?: number;
}

/** What became of one event. */
export type ScriptStep =
  | { readonly kind: "processed"; readonly emitted: readonly ScriptEmission[] }
  /** The script has no handler for its type. */
  | { readonly kind: "unhandled" }
  /** It says that it is JSON, and is not. */
  | { readonly kind: "no-json" }
  | { readonly kind: "fault"; readonly fault: ScriptFault };

export type ScriptRequest =
  | { readonly kind: "open"; readonly script: string }
  | { readonly kind: "run"; readonly events: readonly ScriptEvent[] };

export type ScriptAnswer =
  | { readonly kind: "opened"; readonly source: ScriptSource }
  | { readonly kind: "refused"; readonly fault: ScriptFault }
  /** As many as there were events, or fewer: the last one is a fault then. */
  | { readonly kind: "ran"; readonly steps: readonly ScriptStep[] };
