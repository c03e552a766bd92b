/** Where a machine finds the server: QEMU leads this one address to one port of the host's loopback. */
export const SERVER = { host: "10.0.2.100", port: 2113 };
/** What QEMU's network would have for a machine that may reach more. */
export const HOST = "10.0.2.2";
export const NAME_SERVER = "10.0.2.3";
