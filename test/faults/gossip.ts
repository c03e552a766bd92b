/**
 * The answer of `Gossip/Read`, which no package exports: `ClusterInfo { repeated MemberInfo members = 1 }`, of which a
 * client reads `state = 3`, `is_alive = 4` and `http_end_point = 5 { address = 1, port = 2 }`.
 */
const STATES = { unknown: 2, follower: 6, preLeader: 7, leader: 8, shutDown: 11, resigningLeader: 15 };
const VARINT = 0;
const BYTES = 2;

/** A node of a cluster, as gossip tells of it. */
export interface Member {
  readonly state: keyof typeof STATES;
  readonly port: number;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: true. */
  readonly isAlive?: boolean;
}

export function clusterInfo(members: readonly Member[]): Buffer {
  return Buffer.concat(
    members.map(({ state, port, host = "127.0.0.1", isAlive = true }) => {
      const endPoint = Buffer.concat([bytes(1, Buffer.from(host)), number(2, port)]);
      return bytes(1, Buffer.concat([number(3, STATES[state]), number(4, isAlive ? 1 : 0), bytes(5, endPoint)]));
    }),
  );
}

function number(field: number, value: number): Buffer {
  return Buffer.from([(field << 3) | VARINT, ...varint(value)]);
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | BYTES, ...varint(value.length)]), value]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
