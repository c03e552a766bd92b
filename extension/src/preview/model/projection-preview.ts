import {
  generateBackfill,
  generateCategoryRouter,
  generateFilter,
  generateRouter,
  type GeneratedProjection,
  type Pattern,
  readBackfill,
  readFilter,
  readRouter,
  spansOwed,
  withAdded,
} from "@sluice/transport/topology";
import type { ComponentDeclaration } from "../../workspace-model/declarations.ts";
import type { Unreadable } from "../../workspace-model/unreadable.ts";
import type { DeployedProjection, DeployedProjections } from "./deployed-projections.ts";

export type ProjectionKind = "router" | "category-router" | "filter" | "backfill";

/** Which of a component's projections: routers are told by their owner, a component or one of its categories. */
export interface ProjectionKey {
  readonly kind: ProjectionKind;
  readonly component: string;
  readonly owner: string;
}

/** A projection as deploying would make it now. */
export interface ProjectionPreview extends ProjectionKey {
  readonly name: string;
  /** Undefined where it cannot be told from the sources. */
  readonly text?: string;
  /** Why it cannot be told. */
  readonly unreadable: readonly Unreadable[];
  /** The one that it would take the place of, or that it is already. */
  readonly deployed?: DeployedProjection;
}

/** The projections that deploying a component would make, and those that it would leave as they are. Pure. */
export function previewsOf(
  declared: ComponentDeclaration,
  deployed: DeployedProjections,
): readonly ProjectionPreview[] {
  const { name: component } = declared;
  if (component === undefined) return [];
  return [
    routerPreview("router", component, component, deployed),
    ...categoriesOf(declared).map((category) =>
      routerPreview("category-router", category, component, deployed, declared),
    ),
    ...subscriptionPreviews(component, declared, deployed),
  ];
}

/** The categories of what a component owns, as far as they can be read. */
export const categoriesOf = ({ handlers }: ComponentDeclaration): readonly string[] =>
  [
    ...new Set(
      handlers.flatMap(({ owns }) => (owns === undefined || owns.kind === "view" ? [] : (owns.category ?? []))),
    ),
  ].toSorted();

function routerPreview(
  kind: "router" | "category-router",
  owner: string,
  component: string,
  { routers, withHistory, logEnd }: DeployedProjections,
  declared?: ComponentDeclaration,
): ProjectionPreview {
  const deployed = routers.get(owner);
  const from = declared?.handlers.flatMap(({ owns }) =>
    owns !== undefined && owns.kind !== "view" && owns.category === owner ? (owns.from ?? "now") : [],
  )[0];
  // As deploying decides: one that is there keeps where it begins, a new one passes over what nobody has published.
  const passesOver = from === "now" && withHistory.has(owner);
  const since = deployed === undefined ? (passesOver ? logEnd : 0) : readRouter(deployed.text);
  const options = { generation: generationOf(deployed), since };
  const { name, text } =
    kind === "router" ? generateRouter(owner, options) : generateCategoryRouter(owner, component, options);
  return { kind, component, owner, name, text, unreadable: [], ...(deployed === undefined ? {} : { deployed }) };
}

function subscriptionPreviews(
  component: string,
  { shape, unreadable }: ComponentDeclaration,
  { filter: deployed, backfills, logEnd }: DeployedProjections,
): readonly ProjectionPreview[] {
  const key = { kind: "filter", component, owner: component } as const;
  const isThere = deployed === undefined ? {} : { deployed };
  if (shape === undefined) {
    const { name } = generateFilter(component, new Map(), generationOf(deployed));
    return [{ ...key, name, unreadable, ...isThere }];
  }
  const known = deployed === undefined ? new Map<Pattern, number>() : readFilter(deployed.text);
  if (known.size === 0 && Object.keys(shape.events).length === 0) return [];
  // One that goes on has passed over what was there before; a new one has not.
  const goesOn = deployed !== undefined && !deployed.isGone;
  const since = withAdded(known, shape.events, (from) => (from === "start" && !goesOn ? 0 : logEnd));
  const filter = generateFilter(component, since, generationOf(deployed));
  const owed = new Map(
    [...since].filter(([pattern, begin]) => begin > 0 && shape.events[pattern] === "start" && !known.has(pattern)),
  );
  const spans = spansOwed(owed, broughtBy(backfills));
  return [
    { ...key, name: filter.name, text: filter.text, unreadable: [], ...isThere },
    ...(spans.size === 0 ? [] : [backfillPreview(generateBackfill(component, backfills.length + 1, spans), component)]),
    ...backfills
      .filter(({ isGone }) => !isGone)
      .map((backfill) => ({
        ...backfillPreview(generateBackfill(component, backfill.generation, readBackfill(backfill.text)), component),
        deployed: backfill,
      })),
  ];
}

const backfillPreview = ({ component, name, text }: GeneratedProjection, owner: string): ProjectionPreview => ({
  kind: "backfill",
  component,
  owner,
  name,
  text,
  unreadable: [],
});

/** One that was deleted is followed by the next. */
const generationOf = (deployed: DeployedProjection | undefined): number =>
  deployed === undefined ? 1 : deployed.generation + (deployed.isGone ? 1 : 0);

function broughtBy(backfills: readonly DeployedProjection[]): ReadonlyMap<Pattern, number> {
  const until = new Map<Pattern, number>();
  for (const { text } of backfills) {
    for (const [pattern, span] of readBackfill(text)) until.set(pattern, Math.max(span.until, until.get(pattern) ?? 0));
  }
  return until;
}
