import type { Metric, Sample } from "./prometheus.ts";
import type { GroupStatistics, ProjectionFigures, Statistics } from "./statistics.ts";

const PREFIX = "sluice_embedded_";

function metric(type: "counter" | "gauge", name: string, help: string, ...samples: readonly Sample[]): Metric {
  return { name: `${PREFIX}${name}`, help, type, samples };
}

const counter = (name: string, help: string, value: number) => metric("counter", name, help, { value });
const gauge = (name: string, help: string, value: number) => metric("gauge", name, help, { value });

/** The figures as metrics. */
export function metricsOf(statistics: Statistics): readonly Metric[] {
  const { server, process, log, scavenge } = statistics;
  return [
    gauge("ready", "1 while it takes calls and the disk takes writes.", Number(server.isReady)),
    counter("uptime_seconds_total", "Since the process began.", server.uptimeSeconds),
    gauge("resident_memory_bytes", "Memory of the process.", process.residentBytes),
    gauge("heap_bytes", "JavaScript heap in use.", process.heapBytes),
    counter("cpu_seconds_total", "Processor time, user and system.", process.cpuSeconds),
    counter(
      "busy_seconds_total",
      "Time in which JavaScript ran; its rate is the load of the one thread.",
      process.busySeconds,
    ),
    gauge("log_end_position", "Position behind the last event.", log.end),
    ...(log.fileBytes === null ? [] : [gauge("log_file_bytes", "Size of the log's file.", log.fileBytes)]),
    ...diskMetrics(statistics),
    ...callMetrics(statistics),
    ...groupMetrics(statistics.persistentSubscriptions),
    ...projectionMetrics(statistics.projections),
    gauge("scavenge_running", "1 while a scavenge is under way.", Number(scavenge !== null)),
    gauge("scavenge_removed_events", "By the scavenge under way, so far.", scavenge?.events ?? 0),
    gauge("scavenge_removed_bytes", "By the scavenge under way, so far.", scavenge?.bytes ?? 0),
  ];
}

function diskMetrics({ disk }: Statistics): readonly Metric[] {
  return [
    {
      name: `${PREFIX}disk_write_seconds`,
      help: "What a group of writes takes until it is on disk.",
      type: "histogram",
      samples: [
        ...disk.writesWithin.map(({ seconds, writes }) => ({
          suffix: "_bucket",
          labels: { le: String(seconds) },
          value: writes,
        })),
        { suffix: "_bucket", labels: { le: "+Inf" }, value: disk.writes },
        { suffix: "_sum", value: disk.seconds },
        { suffix: "_count", value: disk.writes },
      ],
    },
    gauge("disk_write_longest_seconds", "The longest so far.", disk.longestSeconds),
    counter("events_written_total", "Events that are on disk since the start.", disk.events),
    counter("bytes_written_total", "Their bytes.", disk.bytes),
    counter("disk_writes_refused_total", "Groups of writes that the disk refused.", disk.refused),
    gauge("disk_refusing", "1 while the disk refuses writes.", Number(disk.isRefusing)),
  ];
}

function callMetrics({ grpc }: Statistics): readonly Metric[] {
  const calls = grpc.methods.flatMap(({ method, succeeded, failed, cancelled }) =>
    Object.entries({ succeeded, failed, cancelled }).map(([result, value]) => ({ labels: { method, result }, value })),
  );
  const open = grpc.methods.map((of) => ({ labels: { method: of.method }, value: of.open }));
  return [
    gauge("connections", "Clients' connections.", grpc.connections),
    metric("gauge", "calls_open", "Calls under way.", ...open),
    metric("counter", "calls_total", "Calls that have ended.", ...calls),
  ];
}

function groupMetrics(groups: readonly GroupStatistics[]): readonly Metric[] {
  const of = (type: "counter" | "gauge", name: string, help: string, value: (one: GroupStatistics) => number | null) =>
    metric(
      type,
      `persistent_subscription_${name}`,
      help,
      ...groups.flatMap((one) => sampleOf({ stream: one.stream, group: one.group }, value(one))),
    );
  return [
    of("gauge", "consumers", "Consumers that are connected.", ({ consumers }) => consumers),
    of("gauge", "in_flight", "Events delivered and not settled.", ({ inFlight }) => inFlight),
    of("gauge", "retrying", "Events that wait to be delivered once more.", ({ retrying }) => retrying),
    of("gauge", "parked", "Events parked.", ({ parked }) => parked),
    of("counter", "delivered_total", "Deliveries, repeats counted.", ({ delivered }) => delivered),
    of("gauge", "checkpoint", "Where it would go on.", ({ lastCheckpoint }) => lastCheckpoint),
    of("gauge", "last_known", "Where the last event lay that it has read.", ({ lastKnown }) => lastKnown),
  ];
}

function projectionMetrics(projections: readonly ProjectionFigures[]): readonly Metric[] {
  const of = (type: "counter" | "gauge", name: string, help: string, value: (one: ProjectionFigures) => number) =>
    metric(
      type,
      `projection_${name}`,
      help,
      ...projections.flatMap((one) => sampleOf({ projection: one.name }, value(one))),
    );
  return [
    of("gauge", "running", "1 while it runs.", ({ isRunning }) => Number(isRunning)),
    of("gauge", "faulted", "1 once it has faulted.", ({ isFaulted }) => Number(isFaulted)),
    of("gauge", "progress_percent", "Of its sources; -1 before anything was read.", ({ progress }) => progress),
    of("counter", "events_total", "Handled since its start.", ({ events }) => events),
    of("gauge", "buffered_events", "Read and not handled yet.", ({ buffered }) => buffered),
    of("counter", "seconds_total", "Spent in its handlers.", ({ seconds }) => seconds),
  ];
}

function sampleOf(labels: Readonly<Record<string, string>>, value: number | null): readonly Sample[] {
  return value === null ? [] : [{ labels, value }];
}
