/** Something that the program does besides serving, by its name on the command line. */
export interface Command {
  /** Shown by `--help`. */
  readonly usage: string;
  /** Does it and answers the exit code. */
  run(args: readonly string[]): Promise<number>;
}
