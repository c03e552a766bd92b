/** What a workspace holds, as its editors show it. Addresses are URIs as texts. */
export interface Sources {
  /** Undefined where there is no such file. */
  read(uri: string): Promise<string | undefined>;
  /** Names of what is in a folder; none where there is no such folder. */
  list(directory: string): Promise<readonly string[]>;
}
