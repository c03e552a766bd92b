import { dataDirectory, type Ended, SampleProcess as AnySample } from "@sluice/sample-display";

export { dataDirectory, type Ended };

/** The purchase-order sample in a process of its own, as a user starts it; by the command that the README tells of; and another one. */
export const SampleProcess = {
  start: (...args: readonly string[]): AnySample => AnySample.start("purchase-order", ...args),
  startByNpm: (...args: readonly string[]): AnySample => AnySample.startByNpm("start", "--", ...args),
  startIn: (directory: string, sample: string, ...args: readonly string[]): AnySample =>
    AnySample.startIn(directory, sample, ...args),
};

/** Runs the sample until it ends by itself. */
export const run = (...args: readonly string[]): Promise<Ended> => SampleProcess.start(...args).ended;
