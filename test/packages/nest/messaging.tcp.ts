import { Transport } from "@nestjs/microservices";

const options = { host: "127.0.0.1", port: Number(process.env["PORT"] ?? 3000) };

export const server = { transport: Transport.TCP as const, options };
export const client = { transport: Transport.TCP as const, options };
