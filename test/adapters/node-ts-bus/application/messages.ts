import { Command, Event } from "@node-ts/bus-messages";

export class PlaceOrder extends Command {
  readonly $name = "@shop/orders/place-order";
  readonly $version = 1;
  readonly orderId: string;
  readonly amount: number;

  constructor(orderId: string, amount: number) {
    super();
    this.orderId = orderId;
    this.amount = amount;
  }
}

export class OrderPlaced extends Event {
  readonly $name = "@shop/orders/order-placed";
  readonly $version = 1;
  readonly orderId: string;
  readonly amount: number;

  constructor(orderId: string, amount: number) {
    super();
    this.orderId = orderId;
    this.amount = amount;
  }
}

export class ChargeCard extends Command {
  readonly $name = "@shop/billing/charge-card";
  readonly $version = 1;
  readonly orderId: string;
  readonly amount: number;

  constructor(orderId: string, amount: number) {
    super();
    this.orderId = orderId;
    this.amount = amount;
  }
}

export class CardCharged extends Event {
  readonly $name = "@shop/billing/card-charged";
  readonly $version = 1;
  readonly orderId: string;

  constructor(orderId: string) {
    super();
    this.orderId = orderId;
  }
}

export class CardDeclined extends Event {
  readonly $name = "@shop/billing/card-declined";
  readonly $version = 1;
  readonly orderId: string;

  constructor(orderId: string) {
    super();
    this.orderId = orderId;
  }
}

export class ShipOrder extends Command {
  readonly $name = "@shop/shipping/ship-order";
  readonly $version = 1;
  readonly orderId: string;

  constructor(orderId: string) {
    super();
    this.orderId = orderId;
  }
}

export class OrderShipped extends Event {
  readonly $name = "@shop/shipping/order-shipped";
  readonly $version = 1;
  readonly orderId: string;

  constructor(orderId: string) {
    super();
    this.orderId = orderId;
  }
}

export class OrderClosed extends Event {
  readonly $name = "@shop/orders/order-closed";
  readonly $version = 1;
  readonly orderId: string;
  readonly outcome: "shipped" | "cancelled";

  constructor(orderId: string, outcome: "shipped" | "cancelled") {
    super();
    this.orderId = orderId;
    this.outcome = outcome;
  }
}
