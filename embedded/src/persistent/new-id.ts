/** Makes the id of an event that the server writes by itself: a UUID in lower-case text. */
export type NewId = () => string;
