/** Far longer than anything takes on a slow and busy machine: it only keeps a test that will never pass from hanging. */
const SAFETY_NET_MS = 60_000;

/** Resolves once `holds` does. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + SAFETY_NET_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Timed out waiting until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
