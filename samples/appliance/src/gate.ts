import { connect } from "node:net";

/**
 * The one way out of a machine: QEMU starts this for each connection that the machine opens, and speaks by its input and output. It leads to
 * one port of this host's loopback, whatever the machine wants.
 *
 *   gate.ts PORT
 */
const server = connect({ host: "127.0.0.1", port: Number(process.argv[2]), noDelay: true });
const end = (): never => process.exit();
process.stdin.pipe(server).once("error", end).once("close", end);
server.pipe(process.stdout).once("error", end);
process.stdin.once("error", end);
