import type { Connections } from "../connections/connections.ts";
import type { ComponentDeclaration } from "../workspace-model/declarations.ts";
import type { WorkspaceModels } from "../workspace-model/workspace-models.ts";
import { type DeployedProjections, EMPTY_SERVER, readDeployed } from "./model/deployed-projections.ts";
import { categoriesOf, previewsOf, type ProjectionPreview } from "./model/projection-preview.ts";
import type { PreviewAddress } from "./preview-address.ts";

/** What a server has deployed for a component, or why that cannot be told. */
export type Basis =
  | { readonly kind: "server"; readonly deployed: DeployedProjections }
  | { readonly kind: "no-server" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Projections of a component, and what they are made from. */
export interface ComponentPreviews {
  readonly component: ComponentDeclaration;
  /** Its source cannot be parsed as it stands: what is told is of the last that could be. */
  readonly isStale: boolean;
  readonly previews: readonly ProjectionPreview[];
  readonly basis: Basis;
}

/** Makes previews of what is declared now, by what a server has deployed when it was asked last. */
export class ProjectionPreviews {
  readonly #models: WorkspaceModels;
  readonly #connections: Connections;
  readonly #bases = new Map<string, { readonly owners: string; readonly basis: Promise<Basis> }>();

  constructor(models: WorkspaceModels, connections: Connections) {
    this.#models = models;
    this.#connections = connections;
  }

  /** Forgets what was deployed: it is read again when it is next asked for. */
  forget(connectionId?: string): void {
    for (const key of this.#bases.keys()) {
      if (connectionId === undefined || key.startsWith(`${connectionId} `)) this.#bases.delete(key);
    }
  }

  /** The components that have a name, by their name. */
  async components(): Promise<readonly (ComponentDeclaration & { readonly name: string })[]> {
    const { components } = await this.#models.read();
    return components
      .flatMap((component) => (component.name === undefined ? [] : [{ ...component, name: component.name }]))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Undefined where no such component is declared. Of several of one name, the first. */
  async of(name: string, connectionId: string | undefined): Promise<ComponentPreviews | undefined> {
    const component = (await this.components()).find((one) => one.name === name);
    if (component === undefined) return undefined;
    const basis = await this.#basis(name, [name, ...categoriesOf(component)], connectionId);
    const deployed = basis.kind === "server" ? basis.deployed : EMPTY_SERVER;
    const isStale = this.#models.last?.unparsed.some(({ place }) => place.uri === component.place.uri) ?? false;
    return { component, isStale, previews: previewsOf(component, deployed), basis };
  }

  async find(
    address: PreviewAddress,
  ): Promise<(ComponentPreviews & { readonly preview: ProjectionPreview | undefined }) | undefined> {
    const all = await this.of(address.component, address.connectionId);
    if (all === undefined) return undefined;
    const preview = all.previews.find(
      ({ kind, owner, name }) =>
        kind === address.kind && owner === address.owner && (kind !== "backfill" || name === address.name),
    );
    return { ...all, preview };
  }

  #basis(component: string, owners: readonly string[], connectionId: string | undefined): Promise<Basis> {
    if (connectionId === undefined) return Promise.resolve({ kind: "no-server" });
    const key = `${connectionId} ${component}`;
    const known = this.#bases.get(key);
    if (known?.owners === owners.join()) return known.basis;
    const basis = this.#connections
      .open(connectionId)
      .then((reader) => readDeployed(reader, component, owners))
      .then(
        (deployed): Basis => ({ kind: "server", deployed }),
        (error: unknown): Basis => ({ kind: "failed", error }),
      );
    this.#bases.set(key, { owners: owners.join(), basis });
    return basis;
  }
}
