import type { SourceDefinition } from "./handler.ts";

/** The streams that a projection keeps for itself (spec 3.4). */
export const streamNames = (projection: string) => {
  const prefix = `$projections-${projection}`;
  return {
    definition: prefix,
    checkpoint: `${prefix}-checkpoint`,
    partitionCheckpoint: (partition: string) => `${prefix}-${partition}-checkpoint`,
    partitions: `${prefix}-partitions`,
    order: `${prefix}-order`,
    emittedStreams: `${prefix}-emittedstreams`,
    emittedStreamsCheckpoint: `${prefix}-emittedstreams-checkpoint`,
    /** Where results go, or links to them where there are partitions. */
    result: ({ resultStreamName }: SourceDefinition) => resultStreamName || `${prefix}-result`,
    partitionResult: ({ partitionResultStreamNamePattern: pattern }: SourceDefinition, partition: string) =>
      pattern ? pattern.replaceAll("{0}", () => partition) : `${prefix}-${partition}-result`,
  };
};

export type StreamNames = ReturnType<typeof streamNames>;
