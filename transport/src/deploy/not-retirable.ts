/** A component cannot be taken away yet. Nothing was changed. */
export class NotRetirable extends Error {
  override readonly name = "NotRetirable";
  readonly component: string;
  /** Instances that receive its messages. */
  readonly consumers: number;
  /** Messages in its queue that nobody has settled. */
  readonly waiting: number;

  constructor(component: string, consumers: number, waiting: number) {
    super(
      consumers > 0
        ? `Component ${component} is still received for by ${consumers} connections. Stop its instances, then retire it.`
        : `${waiting} messages wait in the queue of component ${component}. Let an instance handle them, or call retire with { abandon: true } to leave them unhandled.`,
    );
    this.component = component;
    this.consumers = consumers;
    this.waiting = waiting;
  }
}
