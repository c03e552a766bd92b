import { event } from "@sluice/transport";

/** What a machine tells of itself once its component handles messages. */
export const MachineStarted = event("appliance.MachineStarted")<{
  /** Seconds since power-on, by the machine's own clock. */
  readonly uptime: number;
  /** KiB that it has, and that are taken: by the kernel, its file system and the component. */
  readonly memory: number;
  readonly taken: number;
  /** KiB of the component's process. */
  readonly resident: number;
  /** Id of the component's process. */
  readonly pid: number;
  readonly processes: readonly string[];
  readonly files: readonly string[];
  readonly listening: number;
  /** Of the addresses that it tried, those that answered. */
  readonly reached: readonly string[];
}>();
