import type { StreamTruncation } from "@sluice/transport/deploy";
import type { Paint } from "../terminal/paint.ts";
import { printable } from "../terminal/printable.ts";

/** What of streams may go, and why the rest stays: by component, a line for each stream. Pure. */
export function truncationsText(truncations: readonly StreamTruncation[], paint: Paint): string {
  const parts = Object.entries(Object.groupBy(truncations, ({ component }) => component)).map(
    ([component, some = []]) =>
      [paint("bold", component), ...some.flatMap((one) => truncationLines(one, paint))].join("\n"),
  );
  const total = truncations.reduce((sum, { first, before }) => sum + (before - first), 0n);
  const sum = total === 0n ? "Nothing may go." : `${total} events may go.`;
  return [...parts, sum].join("\n\n");
}

function truncationLines({ stream, first, last, before, because }: StreamTruncation, paint: Paint): readonly string[] {
  const all = last - first + 1n;
  const gone = before - first;
  const head =
    gone === 0n
      ? paint("dim", `  = ${printable(stream)}: all ${all} stay`)
      : paint("red", `  - ${printable(stream)}: ${gone} of ${all} may go, those before ${before}`);
  return [head, paint("dim", `      ${before}: ${printable(because)}`)];
}
