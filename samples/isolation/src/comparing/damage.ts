import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Reading, startServer } from "@sluice/sample-display";
import { openParked, startSender } from "@sluice/transport";
import { PriceOrder } from "../messages.ts";
import type { Shop } from "../rules.ts";
import { type Kind, startSubject } from "./start-subject.ts";

/** What became of an order whose rule misbehaves, and of those beside it. */
export interface Damage {
  /** Of {@link BESIDE} orders of an honest shop. */
  readonly right: number;
  readonly wrong: number;
  readonly process: "goes on" | "dies" | "hangs";
  /** What the order itself was parked with, if it was. */
  readonly reason: string | undefined;
  /** Properties of the message that it was answered with, if it was. */
  readonly answered: readonly string[] | undefined;
}

interface Priced {
  readonly orderId: string;
  readonly total: number;
}

export const BESIDE = 20;
/** Milliseconds without anything new after which a process is taken to hang; a handler may work for one second. */
const PATIENCE = 15_000;
const PAUSE = 100;
const lines = [{ goods: "tea", pieces: 2, price: 350 }];
const TOTAL = 700;

/** Lets a process of this kind price one order of a shop among those of an honest one. */
export async function damageOf(kind: Kind, shop: Shop, say: (text: string) => void): Promise<Damage> {
  await using server = await startServer({ memory: true, port: 0 }, say);
  const { connectionString } = server;
  const subject = startSubject(kind, connectionString);
  if (subject.stdout !== null) await once(subject.stdout, "data");
  const sender = await startSender("shop", { connectionString });
  await sender.send(PriceOrder, { orderId: shop, shop, lines });
  for (let n = 0; n < BESIDE; n++) await sender.send(PriceOrder, { orderId: `beside.${n}`, shop: "honest", lines });
  await sender.stop();

  await using reading = new Reading(connectionString);
  const parked = openParked("pricing", { connectionString });
  try {
    const look = async (): Promise<Omit<Damage, "process">> => {
      const bodies = (await reading.stream("intermediate.pricing")).map(({ data }) => Object(data) as Partial<Priced>);
      const priced = bodies.filter(({ orderId }) => orderId?.startsWith("beside.") === true);
      const right = priced.filter(({ total }) => total === TOTAL).length;
      const own = bodies.find(({ orderId }) => orderId === shop);
      const { messages } = await parked.list();
      return {
        right,
        wrong: priced.length - right,
        reason: messages[0]?.exception.message,
        answered: own && Object.keys(own),
      };
    };
    let state = await look();
    for (let news = performance.now(); performance.now() - news < PATIENCE; await sleep(PAUSE)) {
      const { exitCode, signalCode } = subject;
      const now = await look();
      if (exitCode !== null || signalCode !== null) return { ...now, process: "dies" };
      if (JSON.stringify(now) !== JSON.stringify(state)) news = performance.now();
      state = now;
      if (now.right + now.wrong === BESIDE && (now.reason ?? now.answered) !== undefined)
        return { ...now, process: "goes on" };
    }
    return { ...state, process: state.right + state.wrong === BESIDE ? "goes on" : "hangs" };
  } finally {
    subject.kill("SIGKILL");
    await parked.close();
  }
}
