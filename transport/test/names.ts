/** Makes a name that nobody else has used on a server: for components, categories, and the beginnings of types. The same for the same one. */
export type Names = (base: string) => string;

/** What makes the names of one test different from those of all others, in earlier runs, too. */
export const newRun = (): string => crypto.randomUUID().slice(-12);

/** `work_1f0c…` for `work`: valid wherever `work` is. A process that a test starts gets the run as an argument, and so the same names. */
export const namesOf =
  (run: string): Names =>
  (base) =>
    `${base}_${run}`;
