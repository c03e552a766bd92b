import type { ObservedComponent } from "@sluice/transport/deploy";
import { durationText } from "../render/duration-text.ts";
import { problemText } from "../render/problem-text.ts";
import type { Examination, StreamSize } from "./examination.ts";
import type { Finding } from "./finding.ts";

/** When something is a problem. */
export interface Limits {
  /** Milliseconds that a message may wait. */
  readonly lag: number;
}

/** Events of one stream beyond which it is worth a look. */
const LARGE = 10_000_000;

/** What is to be said of each component. Pure. */
export function componentFindings(examination: Examination, limits: Limits): readonly Finding[] {
  return examination.observation.components.flatMap((component) => {
    const { name } = component;
    const findings = [
      ...component.problems.map((problem) => ({ severity: "problem" as const, text: problemText(problem) })),
      ...deploymentFindings(component),
      ...queueFindings(component, examination, limits),
      ...parkedFindings(name, examination.parked),
      ...aclFindings(name, examination.rights),
      ...sizeFindings(examination.sizes.filter((size) => size.component === name)),
    ];
    const isWell = findings.every(({ severity }) => severity === "note");
    const all = isWell ? [{ severity: "ok" as const, text: "runs as it was deployed" }, ...findings] : findings;
    return all.map(({ severity, text }) => ({ severity, about: name, component: name, text }));
  });
}

type Said = Pick<Finding, "severity" | "text">;

function deploymentFindings({ open, projections, name }: ObservedComponent): readonly Said[] {
  const left = projections.filter(({ isSuperseded, status }) => isSuperseded && status !== undefined);
  return [
    ...(open === undefined
      ? []
      : [
          {
            severity: "warning" as const,
            text: `A deployment by ${open.by} was begun and has not ended. If whoever began it is gone, the next one goes on with it: sluice deploy FILE --component ${name}`,
          },
        ]),
    ...left.map(({ name: projection }) => ({
      severity: "note" as const,
      text: `${projection} was followed by a later generation, and is there still`,
    })),
  ];
}

function queueFindings(
  { group, deployed, oldestWaiting, name }: ObservedComponent,
  { observation, now }: Examination,
  { lag }: Limits,
): readonly Said[] {
  if (group === undefined) {
    const isGone = observation.seesGroups && deployed?.group !== undefined;
    return isGone
      ? [
          {
            severity: "problem",
            text: `Its group is gone, so nobody receives. Deploy it again: sluice deploy FILE --component ${name}`,
          },
        ]
      : [];
  }
  const waiting = Number((group.lastKnown ?? -1n) - (group.checkpoint ?? -1n));
  const since = oldestWaiting === undefined ? 0 : now.getTime() - oldestWaiting.getTime();
  if (waiting <= 0 || oldestWaiting === undefined || since <= lag) return [];
  const messages = waiting === 1 ? "1 message waits" : `${waiting} messages wait`;
  return [
    {
      severity: "problem",
      text:
        group.consumers === 0
          ? `${messages}, the oldest for ${durationText(since)}, and no instance is connected. Start one.`
          : `${messages}, the oldest for ${durationText(since)}, with ${group.consumers} connected. Look at what the handlers wait for, or start more instances.`,
    },
  ];
}

function parkedFindings(name: string, parked: Examination["parked"]): readonly Said[] {
  const count = parked.get(name) ?? 0;
  if (count === 0) return [];
  const messages = count === 1 ? "1 message is parked" : `${count} messages are parked`;
  return [{ severity: "problem", text: `${messages}. Look at why: sluice parked list ${name}` }];
}

function aclFindings(name: string, rights: Examination["rights"]): readonly Said[] {
  const { changed = [] } = rights.get(name) ?? {};
  if (changed.length === 0) return [];
  const text = `Rights are not as they were deployed on ${changed.join(", ")}. Give them back: sluice deploy FILE --component ${name}`;
  return [{ severity: "problem", text }];
}

function sizeFindings(sizes: readonly StreamSize[]): readonly Said[] {
  return sizes
    .filter(({ events }) => events >= LARGE)
    .map(({ stream, events, perDay }) => ({
      severity: "warning",
      text: `${stream} holds ${events} events${perDay === undefined ? "" : `, and gets ${Math.round(perDay)} a day`}. See to the disk, or let go what nobody needs: sluice prune --streams`,
    }));
}
