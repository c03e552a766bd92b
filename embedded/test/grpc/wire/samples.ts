import { otherSamples } from "./other-samples.ts";
import { persistentSamples } from "./persistent-samples.ts";
import type { Sample } from "./sample.ts";
import { streamSamples } from "./stream-samples.ts";

/** Every message of the protocol, every case of every oneof, every field. */
export const allSamples: readonly Sample[] = [...streamSamples, ...persistentSamples, ...otherSamples];
