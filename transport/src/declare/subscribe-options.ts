/** From when a component gets an event it handles. Events only; commands and replies wait in the queue from the start. */
export interface SubscribeOptions {
  /**
   * `now` (default): what is published after the component is deployed with this handler. `start`: all of history first.
   * Fixed when the subscription is made; later deployments keep it.
   */
  readonly from?: "now" | "start";
}
