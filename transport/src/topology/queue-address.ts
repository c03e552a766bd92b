import type { QueueAddress } from "../store/queue-address.ts";
import { queueStream } from "./stream-names.ts";

/** Where a component's messages come from: the persistent subscription that its instances share. */
export const queueOf = (component: string): QueueAddress => ({ stream: queueStream(component), group: component });
