/**
 * For tools: what is deployed on a server, changed by shapes as `@sluice/transport/topology` has them, and what is parked there. Published
 * as `@sluice/transport/deploy`.
 */
export type { Deployments, OpenedDeployments, WithAccess } from "./deployments.ts";
export { openDeployments } from "./deployments.ts";

export type { AccessOptions } from "../deploy/access-wanted.ts";
export type { DeployListener } from "../deploy/by-this-process.ts";
export type { Change, DeployStep } from "../deploy/change.ts";
export type { DeployReport, Statuses } from "../deploy/deploy-component.ts";
export type { Deployed, DeployedFilter, DeployedRouter, Subscription } from "../deploy/deployed.ts";
export type { HistoryEntry } from "../deploy/history.ts";
export type { OpenDeployment } from "../deploy/journal.ts";
export type { ObservedComponent, ObservedProjection, ServerObservation } from "../deploy/observe.ts";
export type { ComponentPlan, Observed, Recorded } from "../deploy/plan.ts";
export type { AccessPlan } from "../deploy/plan-access.ts";
export { planOf } from "../deploy/plan.ts";
export type { PlannedStep } from "../deploy/planned-step.ts";
export type { Problem } from "../deploy/problem.ts";
export type { StreamTruncation } from "../deploy/truncation.ts";
export type { Margin } from "./truncation-needs.ts";
export type { QueueUse, RetireSettings } from "../deploy/requests.ts";
export type { GroupState } from "../store/groups.ts";
export type { ProjectionState, ProjectionStatus } from "../store/projections.ts";
export type {
  ActionOptions,
  ActionProgress,
  ListOptions,
  ParkedGroup,
  ParkedMessage,
  ParkedMessages,
  ParkedPage,
  ParkedSelection,
} from "../recoverability/parked.ts";
export type { Edit } from "../recoverability/replay-copy.ts";

export { AccessRefused } from "../store/access-refused.ts";
export { BadConnectionString } from "../store/bad-connection-string.ts";
export { DuplicateDeclaration } from "../declare/duplicate-declaration.ts";
export { InvalidBody } from "../messages/invalid-body.ts";
export { InvalidHeader } from "../messages/invalid-header.ts";
export { InvalidName } from "../topology/invalid-name.ts";
export { NotDeployed } from "../deploy/not-deployed.ts";
export { NotParked } from "../recoverability/not-parked.ts";
export { NotRetirable } from "../deploy/not-retirable.ts";
export { ProjectionRefused } from "../deploy/projection-refused.ts";
export { ProjectionsNotRunning } from "../deploy/projections-not-running.ts";
export { ServerUnreachable } from "../store/server-unreachable.ts";
