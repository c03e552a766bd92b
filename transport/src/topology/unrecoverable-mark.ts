/**
 * Marks an error that no retry can mend. A registered symbol, so that an application with two copies of this package knows the
 * errors of both. It lies here because the names of the lowest room are refused with it, too.
 */
export const UNRECOVERABLE: unique symbol = Symbol.for("sluice.unrecoverable");
