import type {
  ActionOptions,
  ActionProgress,
  ComponentPlan,
  DeployListener,
  DeployReport,
  Edit,
  HistoryEntry,
  ListOptions,
  ParkedGroup,
  ParkedPage,
  ParkedSelection,
  RetireSettings,
  ServerObservation,
} from "@sluice/transport/deploy";
import type { ComponentShape } from "@sluice/transport/topology";

/**
 * What the extension asks of a server about components: the seam to the transport's own deploying and recoverability. Its client is
 * another one than that of the streams, by gRPC too, and is loaded when it is first used.
 */

/** What looks, and never changes anything. Every call that fails throws an error of `server-errors.ts` or of the event store. */
export interface ServerReader {
  /** All components that are on the server, and those of these names. */
  observe(names: readonly string[]): Promise<ServerObservation>;
  /** What deploying a component of this shape would do, given what was seen. Asks nobody. */
  planOf(shape: ComponentShape, observed: ServerObservation): ComponentPlan;
  /** The deployments of a component, the last one first. */
  history(component: string, limit: number): Promise<readonly HistoryEntry[]>;
  readonly parked: ParkedReader;
}

/** What changes: handed out by the one place where policies are enforced. All of it is repeatable, and safe to be cut off anywhere. */
export interface ServerWriter {
  deploy(shape: ComponentShape, listener: DeployListener): Promise<DeployReport>;
  prune(shape: ComponentShape, listener: DeployListener): Promise<DeployReport>;
  repair(component: string, listener: DeployListener): Promise<DeployReport>;
  retire(component: string, options: DeployListener & RetireSettings): Promise<DeployReport>;
  readonly parked: ParkedWriter;
}

export interface ParkedReader {
  groups(component: string): Promise<readonly ParkedGroup[]>;
  list(component: string, options: ListOptions): Promise<ParkedPage>;
}

/** What somebody does is recorded in the name of the connection's login. */
export interface ParkedWriter {
  retry(component: string, selection: ParkedSelection, options: Omit<ActionOptions, "by">): Promise<ActionProgress>;
  archive(component: string, selection: ParkedSelection, options: Omit<ActionOptions, "by">): Promise<ActionProgress>;
  /** Answers the new message's id. */
  edit(component: string, id: string, edit: Edit): Promise<string>;
}

/** One open way to a server. */
export interface Server {
  readonly reader: ServerReader;
  readonly writer: ServerWriter;
  /** Forgets what it has read: the server that answers next may be another one. */
  forget(): void;
  close(): void;
}
