/** The client was closed before a message of it had left, or before a request of it was answered. */
export class ClientClosed extends Error {
  override readonly name = "ClientClosed";
  /** The client's. */
  readonly client: string;

  constructor(client: string) {
    super(`The client ${client} was closed. Close it when all that it has asked is answered.`);
    this.client = client;
  }
}
