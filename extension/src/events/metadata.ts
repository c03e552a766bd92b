/** The metadata of an event as an object; empty where it is none, which nobody who shows events minds. */
export function metadataOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof said === "object" && said !== null && !Array.isArray(said) ? { ...said } : {};
  } catch {
    return {};
  }
}

/** The id of the conversation that an event belongs to; the server takes numbers for ids, too. */
export function correlationIdOf({ $correlationId: id }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof id === "number" ? String(id) : typeof id === "string" && id !== "" ? id : undefined;
}
