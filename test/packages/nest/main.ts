import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import type { ClientProxy } from "@nestjs/microservices";
import { lastValueFrom } from "rxjs";
import { AppModule } from "./app.module.js";
import { server } from "./messaging.js";

const app = await NestFactory.createMicroservice(AppModule, { ...server, logger: false });
await app.listen();

const orders = app.get<ClientProxy>("ORDERS");
const ask = (pattern: unknown, data: unknown) => lastValueFrom(orders.send(pattern, data));

console.log(JSON.stringify(await ask({ cmd: "place" }, { id: "A1", total: 10 })));
await ask({ cmd: "place" }, { id: "A2", total: 0 }).catch(({ message }) => console.log(message));
let journal: string[] = [];
while (journal.length < 3) journal = await ask("journal", {});
console.log(journal.join(", "));
await app.close();
