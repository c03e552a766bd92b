import type { GroupName } from "./group-target.ts";

abstract class GroupError extends Error implements GroupName {
  readonly stream: string;
  readonly group: string;

  constructor({ stream, group }: GroupName, message: string) {
    super(message);
    this.name = new.target.name;
    this.stream = stream;
    this.group = group;
  }
}

/** A group of this name exists: update it, or choose another name. */
export class GroupExistsError extends GroupError {
  constructor(name: GroupName) {
    super(name, `Subscription group ${name.group} on stream ${name.stream} exists.`);
  }
}

/** No group of this name: create it first. Asked for all groups of a stream that never had one, `group` is empty. */
export class GroupNotFoundError extends GroupError {
  constructor(name: GroupName) {
    super(name, `Subscription group ${name.group} on stream ${name.stream} does not exist.`);
  }
}

/** The group cannot be made or used as asked for; `reason` says why. */
export class GroupFailedError extends GroupError {
  readonly reason: string;

  constructor(name: GroupName, reason: string) {
    super(name, `Subscription group ${name.group} on stream ${name.stream} failed: '${reason}'`);
    this.reason = reason;
  }
}

/** The group has as many consumers as it may have: wait until one leaves, or raise maxSubscriberCount. */
export class TooManyConsumersError extends GroupError {
  constructor(name: GroupName) {
    super(name, `Maximum subscriptions reached for subscription group ${name.group} on stream ${name.stream}.`);
  }
}

/** The consumer was dropped: its group was updated, deleted or restarted. Subscribe again. */
export class ConsumerDroppedError extends GroupError {
  constructor(name: GroupName) {
    super(name, `Subscription group ${name.group} on stream ${name.stream} was dropped.`);
  }
}

/** The list of groups could not be written, so nothing was changed. `outcome` says what the stream answered. */
export class ConfigNotStoredError extends Error {
  readonly stream: string;
  readonly outcome: string;

  constructor(stream: string, outcome: string) {
    super(`The persistent subscriptions cannot be stored: appending to "${stream}" answered "${outcome}".`);
    this.name = "ConfigNotStoredError";
    this.stream = stream;
    this.outcome = outcome;
  }
}
