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

/** An export could not be written. Nothing of it was left behind. */
export class FileNotWrittenError extends Error {
  override readonly name = "FileNotWrittenError";
  readonly file: string;

  constructor(file: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `${file} could not be written: ${reason}. Nothing of it is left; make room there, or give another place by --to.`,
      {
        cause,
      },
    );
    this.file = file;
  }
}
