import type { ComponentPlan, ObservedComponent, Problem, ServerObservation } from "@sluice/transport/deploy";
import type { ComponentShape } from "@sluice/transport/topology";

/**
 * How a component stands, the worst first:
 * - `faulted`: a projection of it has faulted, and messages wait before it;
 * - `standing-still`: a person has stopped or aborted a projection of it;
 * - `interrupted`: a deployment was begun and has not ended: it is being worked on, or whoever began it is gone;
 * - `missing`: declared, and not on the server;
 * - `drifted`: what is deployed is not what is declared, or was edited or deleted by hand;
 * - `unreadable`: declared in a way that cannot be read here, so that nothing is compared;
 * - `only-on-server`: deployed, and not declared in the workspace;
 * - `deployed`: as it is declared.
 */
export type ComponentState =
  | "faulted"
  | "standing-still"
  | "interrupted"
  | "missing"
  | "drifted"
  | "unreadable"
  | "only-on-server"
  | "deployed";

/** A component on the server and in the workspace, side by side. */
export interface ComponentStatus<Declared extends Declaration = Declaration> {
  readonly name: string;
  readonly state: ComponentState;
  /** Undefined where the workspace does not declare it. */
  readonly declared: Declared | undefined;
  /** Undefined where nothing of it is, or was, on the server. */
  readonly observed: ObservedComponent | undefined;
  /** What deploying the declared one would do; undefined where that cannot be said. */
  readonly plan: ComponentPlan | undefined;
  readonly problems: readonly Problem[];
}

/** As much of a declaration as decides how a component stands. */
export interface Declaration {
  readonly name: string;
  readonly shape?: ComponentShape | undefined;
  readonly unreadable?: readonly string[];
  readonly isStale?: boolean;
}

/** All components of both, by name. Of several declarations of one name the first counts. Pure. */
export function componentStatuses<Declared extends Declaration>(
  observed: ServerObservation,
  declared: readonly Declared[],
  planOf: (shape: ComponentShape, observed: ServerObservation) => ComponentPlan,
): readonly ComponentStatus<Declared>[] {
  const there = new Map(observed.components.map((one) => [one.name, one]));
  const wanted = new Map(declared.toReversed().map((one) => [one.name, one]));
  const names = [...new Set([...there.keys(), ...wanted.keys()])].filter(
    (name) => wanted.has(name) || isThere(there.get(name)),
  );
  return names.toSorted().map((name) => {
    const declaration = wanted.get(name);
    const component = there.get(name);
    const plan = declaration?.shape && planOf(declaration.shape, observed);
    const problems = component?.problems ?? [];
    const state = stateOf({ declaration, component, plan, problems, areOthersDeclared: wanted.size > 0 });
    return { name, state, declared: declaration, observed: component, plan, problems };
  });
}

/** Something of it is deployed or being deployed; of one that was retired only its history is left. */
export const isThere = (component: ObservedComponent | undefined): boolean =>
  component !== undefined &&
  (component.group !== undefined ||
    component.deployed?.group !== undefined ||
    component.open !== undefined ||
    component.projections.some(({ status }) => status !== undefined));

function stateOf({
  declaration,
  component,
  plan,
  problems,
  areOthersDeclared,
}: {
  readonly declaration: Declaration | undefined;
  readonly component: ObservedComponent | undefined;
  readonly plan: ComponentPlan | undefined;
  readonly problems: readonly Problem[];
  readonly areOthersDeclared: boolean;
}): ComponentState {
  const has = (...whys: readonly Problem["why"][]): boolean => problems.some(({ why }) => whys.includes(why));
  if (has("faulted")) return "faulted";
  if (has("stopped")) return "standing-still";
  if (component?.open !== undefined) return "interrupted";
  if (declaration !== undefined && !isThere(component)) return "missing";
  if (has("edited", "foreign", "missing")) return "drifted";
  if (plan !== undefined && (plan.steps.length > 0 || plan.removals.length > 0)) return "drifted";
  if (declaration !== undefined && declaration.shape === undefined) return "unreadable";
  return declaration === undefined && areOthersDeclared ? "only-on-server" : "deployed";
}

/** Whether new generations would mend something of it. */
export const isRepairable = ({ problems }: Pick<ComponentStatus, "problems">): boolean =>
  problems.some(({ why }) => why === "faulted" || why === "edited" || why === "missing");
