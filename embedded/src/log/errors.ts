/** The directory does not hold what this server wrote, or not all of it. Nothing in it was changed. */
export class DataDirectoryUnreadableError extends Error {
  readonly directory: string;

  constructor(directory: string, reason: string, options?: ErrorOptions) {
    super(
      `The data directory ${directory} cannot be used: ${reason}. Nothing in it was changed; restore it from a backup, or give another directory with --data.`,
      options,
    );
    this.name = "DataDirectoryUnreadableError";
    this.directory = directory;
  }
}

/** Another process has the directory open; two servers on one log would destroy it. */
export class DataDirectoryInUseError extends Error {
  readonly directory: string;
  readonly pid: number;

  constructor(directory: string, pid: number, isElsewhere = false) {
    const where = isElsewhere ? " of another container" : "";
    super(
      `The data directory ${directory} is in use by the process ${pid}${where}. Stop that server first, or give another directory with --data.`,
    );
    this.name = "DataDirectoryInUseError";
    this.directory = directory;
    this.pid = pid;
  }
}

/** A server in another container has the process id of this process, so that both cannot have the log open. */
export class ProcessIdTakenError extends Error {
  override readonly name = "ProcessIdTakenError";
  readonly directory: string;
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(
      `The data directory ${directory} is in use by the process ${pid} of another container, and this process, in its own, is number ${pid}, too: they cannot be told apart. Run this in the server's container, as by docker exec.`,
    );
    this.directory = directory;
    this.pid = pid;
  }
}

/** The directory cannot be created or written. */
export class DataDirectoryNotWritableError extends Error {
  readonly directory: string;

  constructor(directory: string, options?: ErrorOptions) {
    const { code } = Object(options?.cause) as { readonly code?: unknown };
    super(
      code === "EEXIST" || code === "ENOTDIR"
        ? `The data directory ${directory} is a file, or lies in one. Give a directory with --data.`
        : `The data directory ${directory} cannot be written by this user, or its file system by nobody. Change its permissions or how it is mounted, or give another directory with --data.`,
      options,
    );
    this.name = "DataDirectoryNotWritableError";
    this.directory = directory;
  }
}

/** So little is left of the disk that nothing is written to it any more: a disk that is full would end the server. */
export class DiskFullError extends Error {
  override readonly name = "DiskFullError";
  readonly directory: string;

  constructor(directory: string, free: number, spare: number) {
    super(
      `The disk of ${directory} is full: ${mib(free)} MiB are free, and ${mib(spare)} MiB have to stay so. Make room on it, or take another with --data.`,
    );
    this.directory = directory;
  }
}

const mib = (bytes: number): number => Math.round(bytes / 1024 / 1024);

/** A copy could not be written. Nothing of it was left behind. */
export class CopyFailedError extends Error {
  override readonly name = "CopyFailedError";
  readonly directory: string;

  constructor(directory: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The copy into ${directory} could not be written: ${reason}. Nothing of it was left; make room on that disk, or give another directory.`,
      { cause },
    );
    this.directory = directory;
  }
}

/** A write did not reach the disk; none of it is visible, and the writer may try again. */
export class WriteFailedError extends Error {
  constructor(options?: ErrorOptions) {
    super("The write did not reach the disk and was taken back. Make room on the disk, or look at its state.", options);
    this.name = "WriteFailedError";
  }
}

/** A copy would mix with what is there already. */
export class TargetNotEmptyError extends Error {
  readonly directory: string;

  constructor(directory: string, found: string) {
    super(`The directory ${directory} is not empty (it holds ${found}). Give one that does not exist yet.`);
    this.name = "TargetNotEmptyError";
    this.directory = directory;
  }
}
