/** How long something took, short enough for a line between two boxes: `0.4 ms`, `12 ms`, `3.2 s`, `4 min`, `2 h`, `3 d`. */
export function formatDuration(milliseconds: number): string {
  const sign = milliseconds < 0 ? "−" : "";
  const size = Math.abs(milliseconds);
  if (size === 0) return "0 ms";
  if (size < 9.95) return `${sign}${size.toFixed(1)} ms`;
  if (size < 999.5) return `${sign}${Math.round(size)} ms`;
  if (size < 99_950) return `${sign}${(size / 1_000).toFixed(1)} s`;
  if (size < 99.5 * 60_000) return `${sign}${Math.round(size / 60_000)} min`;
  if (size < 47.5 * 3_600_000) return `${sign}${Math.round(size / 3_600_000)} h`;
  return `${sign}${Math.round(size / 86_400_000)} d`;
}
