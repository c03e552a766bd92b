/** What is said of a server. `problem`: messages wait, are lost sight of, or will; `warning`: worth a look. */
export interface Finding {
  readonly severity: "problem" | "warning" | "note" | "ok";
  /** `server`, or the name of a component. */
  readonly about: string;
  readonly component?: string;
  /** A sentence with what helps. */
  readonly text: string;
}
