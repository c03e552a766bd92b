/** The command that shows a conversation, for panels, trees and lenses alike. */
export const OPEN_FLOW_COMMAND = "sluice.flow.open";

/** What {@link OPEN_FLOW_COMMAND} is called with. */
export interface OpenFlow {
  readonly connectionId: string;
  readonly correlationId: string;
  /** The event that it is asked for from, with its place in the log: where no list of the conversation is kept, it is searched around it. */
  readonly from?: {
    readonly stream: string;
    readonly revision: string;
    readonly commit: string;
    readonly prepare: string;
  };
}
