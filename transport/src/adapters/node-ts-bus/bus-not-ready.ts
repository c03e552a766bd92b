/** The transport was used before the bus that it belongs to was ready. */
export class BusNotReady extends Error {
  override readonly name = "BusNotReady";
  readonly queueName: string;
  /** What has to come first. */
  readonly missing: "prepare" | "initialize";

  constructor(queueName: string, missing: "prepare" | "initialize") {
    const remedy =
      missing === "prepare"
        ? "hand it to a bus: Bus.configure().withTransport(transport).build()"
        : "await bus.initialize() first, and send nothing after bus.dispose()";
    super(`The transport of ${queueName} is not ready; ${remedy}.`);
    this.queueName = queueName;
    this.missing = missing;
  }
}
