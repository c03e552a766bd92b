import { BlockList, isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

const EVERYWHERE = new Set(["0.0.0.0", "::", "[::]"]);

/** Whether only this machine can reach a server that listens there. A name other than localhost may lead anywhere. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host.toLowerCase() === "localhost";
  return LOOPBACK.check(host, version === 4 ? "ipv4" : "ipv6");
}

/**
 * An address under which this machine itself reaches a server that listens on `host`, fit for a URL, and for a connection string where
 * there is one: the official clients know no IPv6 addresses.
 */
export function reachableAt(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::" || host === "[::]") return "localhost";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

/** The names and addresses under which clients may reach a server that listens on `host`. */
export interface HostNames {
  /** Those that stay, whatever networks the machine is in. */
  readonly lasting: readonly string[];
  /** Those and the addresses that it has at the moment: they come and go with networks, containers and tunnels. */
  readonly all: readonly string[];
}

export function namesOf(host: string): HostNames {
  const lasting = new Set(["localhost", "127.0.0.1", "::1"]);
  if (!EVERYWHERE.has(host)) lasting.add(host);
  if (!isLoopback(host)) lasting.add(hostname());
  const all = new Set(lasting);
  if (EVERYWHERE.has(host)) {
    for (const addresses of Object.values(networkInterfaces())) {
      // A link-local address is written with the name of an interface, which no certificate can hold.
      for (const { address, scopeid } of addresses ?? []) if (!scopeid) all.add(address);
    }
  }
  return { lasting: [...lasting], all: [...all] };
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Host and port from what a client says it has asked, such as `localhost:2113` or `[::1]:2113`; undefined where it says less. */
export function addressOf(authority: string): HostAndPort | undefined {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(authority);
  const host = parts?.[1] ?? parts?.[2];
  return host === undefined ? undefined : { host, port: Number(parts?.[3]) };
}
