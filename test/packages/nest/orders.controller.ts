import { Controller, Inject } from "@nestjs/common";
import { ClientProxy, EventPattern, MessagePattern, Payload, RpcException } from "@nestjs/microservices";
import type { Observable } from "rxjs";
import { Journal } from "./journal.js";

export interface Order {
  readonly id: string;
  readonly total: number;
}

@Controller()
export class OrdersController {
  constructor(
    @Inject("ORDERS") private readonly orders: ClientProxy,
    private readonly journal: Journal,
  ) {}

  @MessagePattern({ cmd: "place" })
  place(@Payload() order: Order): { accepted: string } {
    if (order.total <= 0) throw new RpcException(`Order ${order.id} costs nothing.`);
    this.journal.write(`placed ${order.id}`);
    this.orders.emit("order.placed", order);
    return { accepted: order.id };
  }

  /** The saga: what is placed is charged, what is charged is shipped. */
  @EventPattern("order.placed")
  charge(@Payload() order: Order): Observable<unknown> {
    this.journal.write(`charged ${order.id}`);
    return this.orders.emit("order.charged", order);
  }

  @EventPattern("order.charged")
  ship(@Payload() order: Order): void {
    this.journal.write(`shipped ${order.id}`);
  }

  @MessagePattern("journal")
  read(): readonly string[] {
    return this.journal.lines;
  }
}
