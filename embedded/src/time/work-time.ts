/** Milliseconds that this process has worked since it began, in all its threads: time that others had is not in it. */
export function workTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
