import { queueStream } from "./stream-names.ts";

/** Where a component's messages come from: the persistent subscription that its instances share. */
export interface QueueAddress {
  readonly stream: string;
  readonly group: string;
}

export const queueOf = (component: string): QueueAddress => ({ stream: queueStream(component), group: component });
