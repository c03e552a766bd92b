/** Rows as lines of aligned columns, numbers to the right. The first row is the head. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const [, ...body] = rows;
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? "").length)),
  );
  const isNumeric = widths.map((_, column) => body.every((row) => typeof row[column] !== "string"));
  const line = (row: readonly (string | number)[]): string =>
    widths
      .map((width, column) => {
        const text = String(row[column] ?? "");
        return isNumeric[column] === true ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}
