/**
 * How messages leave. `transactional`: all messages of one handled message in one append, routed from there by a projection:
 * either all leave or none. `direct`: each at once, by an append of its own, although the handler may still fail.
 */
export type SendMode = "transactional" | "direct";
