import type { AccessPlan } from "@sluice/transport/deploy";
import type { StreamAcl } from "@sluice/transport/topology";
import type { Paint } from "../terminal/paint.ts";

/** Who reads and writes a stream, in a few words. Pure. */
export const aclText = ({ $r, $w }: StreamAcl): string => `read ${namesText($r)}; write ${namesText($w)}`;

const namesText = (names: readonly string[]): string =>
  names.map((name) => (name === "$all" ? "everybody" : name)).join(", ");

/** What a plan says of rights beside its steps. Pure. */
export function accessLines(
  { login, members, uncovered, notThereYet, loginProblem }: AccessPlan,
  paint: Paint,
): readonly string[] {
  const problem = loginProblem && PROBLEMS[loginProblem](login, members);
  return [
    ...(problem === undefined ? [] : [paint("yellow", `! ${problem}`)]),
    ...(notThereYet.length === 0
      ? []
      : [paint("dim", `rights once they hold something, by the next --acl: ${notThereYet.join(", ")}`)]),
    ...uncovered.map(({ streams, why }) => paint("dim", `no rights beforehand: ${streams}: ${why}`)),
  ];
}

const PROBLEMS: Readonly<
  Record<NonNullable<AccessPlan["loginProblem"]>, (login: string, of: string | undefined) => string>
> = {
  "no such user": (login) =>
    `The server has no user ${login}. If it is no group either, nobody runs this component: make the user.`,
  disabled: (login) => `The user ${login} is disabled, so nobody runs this component.`,
  "no member": (login, members = "its group") =>
    `The user ${login} is no member of ${members}, so it cannot read what it is sent: put it into that group.`,
};
