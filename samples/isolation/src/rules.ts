/**
 * What shops have typed into a form of this system: how their orders are priced. Nobody here has read it. Each gets the order and
 * returns what is to be sent.
 */
export const RULES = {
  /** The sum, a tenth less from ten pieces on, and a gift with what is more than 50 €. */
  honest: `(order) => {
    const sum = order.lines.map(({ pieces, price }) => pieces * price).reduce((sum, each) => sum + each, 0);
    const pieces = order.lines.reduce((sum, { pieces }) => sum + pieces, 0);
    const total = pieces < 10 ? sum : Math.round(sum * 0.9);
    const { orderId } = order;
    const priced = { type: "pricing.OrderPriced", body: { orderId, total } };
    return total > 5000 ? [priced, { type: "gifts.GrantGift", body: { orderId } }] : [priced];
  }`,
  /** Computes for a fifth of a second, which is allowed. */
  thorough: `(order) => {
    for (const end = Date.now() + 200; Date.now() < end;);
    return { type: "pricing.OrderPriced", body: { orderId: order.orderId, total: 200 } };
  }`,
  /** Waits for a price that does not come. */
  looping: `(order) => {
    while (order.total === undefined);
  }`,
  /** Never comes to its next step: no engine asks in the middle of one call. */
  sorting: `(order) => {
    [].sort.call({ length: 2 ** 40 });
  }`,
  /** Makes room for an order that may become very long. */
  greedy: `(order) => {
    const room = [];
    for (;;) room.push(new Array(10_000).fill(order));
  }`,
  /** Makes everybody's orders cheap. */
  tampering: `(order) => {
    Array.prototype.map = () => [1];
    Object.prototype.total = 1;
    globalThis.JSON.stringify = () => "null";
    return { type: "pricing.OrderPriced", body: { orderId: order.orderId, total: 1 } };
  }`,
  throwing: `(order) => order.customer.discount`,
  /** Looks for passwords. */
  prying: `(order) => {
    const secrets = Function("return process.env")();
    return { type: "pricing.OrderPriced", body: { orderId: order.orderId, total: 0, ...secrets } };
  }`,
  /** Remembers every order it has seen, as a cache without an end does. */
  remembering: `(order) => {
    (globalThis.seen ??= []).push(JSON.stringify(order).repeat(100));
    return { type: "pricing.OrderPriced", body: { orderId: order.orderId, total: globalThis.seen.length } };
  }`,
} as const;

export type Shop = keyof typeof RULES;

/** The rule of a shop. @throws RangeError for one that has none. */
export function ruleOf({ shop }: { readonly shop: string }): string {
  if (Object.hasOwn(RULES, shop)) return RULES[shop as Shop];
  throw new RangeError(`The shop ${shop} has no rule. Add one to rules.ts.`);
}
