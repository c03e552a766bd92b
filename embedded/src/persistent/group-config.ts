import { type GroupSettings } from "./group-settings.ts";
import { type GroupName, type GroupTarget, type StartFrom, streamOf } from "./group-target.ts";

/** All that is stored of a group: what makes it the same group after a restart. */
export interface GroupConfig {
  readonly target: GroupTarget;
  readonly group: string;
  readonly start: StartFrom;
  readonly settings: GroupSettings;
}

export const nameOf = ({ target, group }: GroupConfig): GroupName => ({ stream: streamOf(target), group });
