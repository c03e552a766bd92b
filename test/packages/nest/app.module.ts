import { Module } from "@nestjs/common";
import { ClientsModule } from "@nestjs/microservices";
import { Journal } from "./journal.js";
import { client } from "./messaging.js";
import { OrdersController } from "./orders.controller.js";

@Module({
  imports: [ClientsModule.register([{ name: "ORDERS", ...client }])],
  controllers: [OrdersController],
  providers: [Journal],
})
export class AppModule {}
