import { type BusInstance, Workflow, type WorkflowMapper, WorkflowState } from "@node-ts/bus-core";
import {
  CardCharged,
  CardDeclined,
  ChargeCard,
  OrderClosed,
  OrderPlaced,
  OrderShipped,
  ShipOrder,
} from "./messages.ts";

export class OrderState extends WorkflowState {
  readonly $name = "order";
  orderId = "";
}

/** Charges, then ships; an order whose card is declined is cancelled. */
export class OrderWorkflow extends Workflow<OrderState> {
  readonly #bus: () => BusInstance;

  constructor(bus: () => BusInstance) {
    super();
    this.#bus = bus;
  }

  configureWorkflow(mapper: WorkflowMapper<OrderState, OrderWorkflow>): void {
    mapper
      .withState(OrderState)
      .startedBy(OrderPlaced, "begin")
      .when(CardCharged, "ship")
      .when(CardDeclined, "cancel")
      .when(OrderShipped, "close", { lookup: ({ orderId }) => orderId, mapsTo: "orderId" });
  }

  async begin({ orderId, amount }: OrderPlaced): Promise<Partial<OrderState>> {
    await this.#bus().send(new ChargeCard(orderId, amount));
    return { orderId };
  }

  async ship({ orderId }: CardCharged): Promise<void> {
    await this.#bus().send(new ShipOrder(orderId));
  }

  async cancel({ orderId }: CardDeclined) {
    await this.#bus().publish(new OrderClosed(orderId, "cancelled"));
    return this.completeWorkflow();
  }

  async close({ orderId }: OrderShipped) {
    await this.#bus().publish(new OrderClosed(orderId, "shipped"));
    return this.completeWorkflow();
  }
}
