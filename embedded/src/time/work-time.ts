/** Not before Node 23.9. The whole process takes several times as long to ask for, with all its threads at work. */
const usageOfThread: (() => NodeJS.CpuUsage) | undefined = process.threadCpuUsage;
const usage = (usageOfThread ?? process.cpuUsage).bind(process);

/**
 * Milliseconds that this thread has worked since it began, or where Node does not tell, all threads of the process: time that others
 * had is not in it.
 */
export function workTime(): number {
  const { user, system } = usage();
  return (user + system) / 1000;
}
