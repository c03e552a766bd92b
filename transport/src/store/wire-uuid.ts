import type { WireReader } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/** A UUID as text, in whichever of its two forms the server writes it. */
export function uuidIn(reader: WireReader): string {
  let id = "";
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) id = textOfHalves(reader.message());
    else if (field === 2) id = reader.text();
    else reader.skip();
  }
  return id;
}

function textOfHalves(reader: WireReader): string {
  const halves = [0n, 0n];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1 || field === 2) halves[field - 1] = reader.uint();
    else reader.skip();
  }
  const hex = halves.map((half) => BigInt.asUintN(64, half).toString(16).padStart(16, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Writes a UUID as text. */
export function writeUuid(writer: WireWriter, field: number, id: string): void {
  const since = writer.length;
  writer.text(2, id);
  writer.message(field, since);
}
