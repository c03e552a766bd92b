import { SluiceClient, SluiceServer } from "@sluice/transport/nestjs";

const connectionString = process.env["ESDB"] ?? "esdb://127.0.0.1:2113?tls=false";

export const server = { strategy: new SluiceServer({ connectionString, component: "orders" }) };
export const client = {
  customClass: SluiceClient,
  options: { connectionString, name: "orders", destination: "orders" },
};
