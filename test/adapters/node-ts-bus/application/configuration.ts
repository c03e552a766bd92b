import { Bus, type BusConfiguration } from "@node-ts/bus-core";

export const configuration = (): BusConfiguration => Bus.configure().withConcurrency(4);
