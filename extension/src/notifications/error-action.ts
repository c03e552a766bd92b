/** A button, or a row of a tree: a command that leads to a remedy. */
export interface ErrorAction {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}
