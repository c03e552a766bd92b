import type { SluiceServer } from "./sluice-server.ts";

/** How a component is, by a key, as `@nestjs/terminus` takes it. */
export type SluiceHealth = Readonly<
  Record<string, { readonly status: "up" | "down"; readonly component: string; readonly problems?: readonly string[] }>
>;

/**
 * Says whether a component gets its messages: it is connected to its queue, and its projections run.
 *
 * ```ts
 * health.check([() => new SluiceHealthIndicator(server).isHealthy("orders")]);
 * ```
 */
export class SluiceHealthIndicator {
  readonly #server: Pick<SluiceServer, "component" | "problems">;

  constructor(server: Pick<SluiceServer, "component" | "problems">) {
    this.#server = server;
  }

  isHealthy(key = "sluice"): SluiceHealth {
    const { component, problems } = this.#server;
    return { [key]: problems.length === 0 ? { status: "up", component } : { status: "down", component, problems } };
  }
}
