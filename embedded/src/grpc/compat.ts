/**
 * Whose protocol the server speaks: that of EventStoreDB 23.10, as it was recorded, or with what KurrentDB has added up
 * to 25 (spec 4.2).
 */
export type Compat = 23 | 25;
