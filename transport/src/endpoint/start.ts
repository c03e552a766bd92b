import type { Component } from "../declare/component.ts";
import type { ConnectionOptions, Endpoint, EndpointOptions } from "./endpoint.ts";
import type { Sender } from "./sender.ts";

/** Deploys what the components need, starts them and answers once they receive. */
export async function startEndpoint(_components: readonly Component[], _options: EndpointOptions): Promise<Endpoint> {
  throw new Error("under construction");
}

/** Creates and updates what the components need on the server; repeatable, and safe to interrupt anywhere. */
export async function deploy(_components: readonly Component[], _options: ConnectionOptions): Promise<DeployReport> {
  throw new Error("under construction");
}

/** What a deployment did, in order. */
export interface DeployReport {
  readonly steps: readonly DeployStep[];
}

export interface DeployStep {
  readonly kind: "projection" | "group";
  readonly name: string;
  readonly action: "created" | "updated" | "started" | "unchanged";
}

/** Opens a send-only endpoint. `name` follows the rules of component names; several processes may share one. */
export async function openSender(_name: string, _options: ConnectionOptions): Promise<Sender> {
  throw new Error("under construction");
}
