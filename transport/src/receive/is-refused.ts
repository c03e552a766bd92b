import { AccessRefused } from "../store/access-refused.ts";
import { placeIn } from "../store/place.ts";
import type { Store } from "../store/store.ts";

/**
 * Whether the server keeps from this login what is at a place, `<revision>@<stream>`; not where there is nothing, or no such place.
 * @throws ServerUnreachable
 */
export async function isRefused(store: Pick<Store, "read">, place: string): Promise<boolean> {
  const found = placeIn(place);
  if (found === undefined) return false;
  try {
    await store.read(found.stream, { from: found.revision, limit: 1 });
    return false;
  } catch (error) {
    if (error instanceof AccessRefused) return true;
    throw error;
  }
}
