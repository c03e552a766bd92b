/** Whose stream it is, as far as its name tells. */
export interface StreamOwner {
  /** A component; or the category of the stream, or its whole name, of which nobody knows whose it is. */
  readonly party: string;
  readonly isComponent: boolean;
  /** The component that what lies there goes to. */
  readonly destination?: string;
}

/**
 * Reads the names that `@sluice/transport/topology` gives. Generated streams of a queue (`in.D-subscriptions`, `-retries`,
 * `-deferred`) are written for the component they lead to.
 */
export function ownerOfStream(stream: string): StreamOwner {
  const [, outbox] = /^intermediate\.(.+)$/s.exec(stream) ?? [];
  if (outbox !== undefined) return { party: outbox, isComponent: true };
  const [, publisher] = /^out-(.+?)(?:\.direct)?(?:\.\d+)?$/s.exec(stream) ?? [];
  if (publisher !== undefined) return { party: publisher, isComponent: true };
  const [, destination, sender = ""] = /^(?:in|later)\.([^-]+)-(.+)$/s.exec(stream) ?? [];
  if (destination === undefined) return { party: categoryOf(stream), isComponent: false };
  const isOwn = stream.startsWith("later.") || /^(?:subscriptions|retries|deferred|backfill)(?:\.\d+)?$/.test(sender);
  const party = isOwn ? destination : sender.replace(/\.routed(?:\.\d+)?$/, "");
  return { party, isComponent: true, destination };
}

/** Whether it may be the stream of one instance, such as `order-17`: of a category, and not one of the topology's own. */
export function isInstance(stream: string): boolean {
  return /^[^$-][^-]*-./s.test(stream) && !ownerOfStream(stream).isComponent;
}

function categoryOf(stream: string): string {
  const dash = stream.indexOf("-");
  return dash > 0 ? stream.slice(0, dash) : stream;
}
