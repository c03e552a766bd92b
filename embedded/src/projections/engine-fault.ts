import { ProjectionFault } from "./handler.ts";

/** A fault that the engine finds, not the handler: its message is shown without a heading, and the state can still be asked for. */
export class EngineFault extends ProjectionFault {
  constructor(message: string, cause?: unknown) {
    super(message, { bare: true, ...(cause !== undefined && { cause }) });
  }
}
