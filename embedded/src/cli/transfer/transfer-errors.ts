/** The file cannot be imported as it is. */
export class TransferFileError extends Error {
  override readonly name = "TransferFileError";
  readonly file: string;

  constructor(file: string, reason: string, remedy: string, options?: ErrorOptions) {
    super(`${file} cannot be imported: ${reason}. ${remedy}`, options);
    this.file = file;
  }
}

/** The target holds what does not come from the file. */
export class ForeignTargetError extends Error {
  override readonly name = "ForeignTargetError";
  /** What was found there. */
  readonly found: string;

  constructor(found: string) {
    super(
      `The target holds what is not from this file: ${found}. Import into a server that nobody has used, or into one where an import of the same file was interrupted.`,
    );
    this.found = found;
  }
}

/** The target could not take, or does not show, what was imported. */
export class ImportFailedError extends Error {
  override readonly name = "ImportFailedError";
}
