import { placeIn } from "../store/place.ts";
import type { Store } from "../store/store.ts";
import { ParkedIndex } from "./parked-index.ts";
import { ParkedRecord } from "./parked-record.ts";

/**
 * Where the parked messages of a component are that nobody has dealt with, as `<revision>@<stream>`: the places that the server has put
 * aside, and what these lead to where they are links themselves.
 * @throws ServerUnreachable, AccessRefused
 */
export async function parkedPlaces(
  store: Pick<Store, "append" | "read" | "pages">,
  component: string,
): Promise<readonly string[]> {
  const record = new ParkedRecord(store, component);
  const index = new ParkedIndex(store, component);
  await record.refresh();
  const open = (await index.all()).filter(({ id }) => record.isOpen(id));
  const places: string[] = [];
  for (const { place } of await index.entriesOf(open)) {
    places.push(place);
    const at = placeIn(place);
    if (at === undefined) continue;
    const [found] = await store.read(at.stream, { from: at.revision, limit: 1 });
    const isThat = found?.event?.revision === at.revision && found.event.type === "$>";
    if (isThat) places.push(Buffer.from(found.event.data).toString("utf8"));
  }
  return places;
}
