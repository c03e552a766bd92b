import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { NewEvent } from "../../src/event-store/event-store.ts";
import type { BenchCase } from "../panel-case.ts";
import { panelPage } from "../panel-page.ts";

const PER_SECOND = 1_000;
const PER_APPEND = 50;

/** A thousand events a second, drawn by the webview in a browser as they come: how long its frames take, what it holds. */
export const benchCase: BenchCase = {
  name: "stream panel: tail",
  async run({ store, seconds }) {
    await store.append("tail", "any", some(100));
    await using panel = await panelPage(store, "tail");
    const { page } = panel;
    await page.locator(".rows .row").first().waitFor();
    await page.getByRole("button", { name: "Follow New Events" }).click();
    const browser = await page.context().newCDPSession(page);
    const heap = async (): Promise<number> => {
      await browser.send("HeapProfiler.collectGarbage");
      return (await browser.send("Runtime.getHeapUsage")).usedSize / 2 ** 20;
    };
    const heapBefore = await heap();
    await page.evaluate(() => {
      const work: number[] = [];
      const gaps: number[] = [];
      Object.assign(window, { work, gaps });
      new PerformanceObserver((list) => work.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: "longtask",
      });
      let last = performance.now();
      const frame = (now: number): void => {
        gaps.push(now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    const began = performance.now();
    let sent = 0;
    while (performance.now() - began < seconds * 1_000) {
      await store.append("tail", "any", some(PER_APPEND));
      sent += PER_APPEND;
      await pause(Math.max(0, began + (sent * 1_000) / PER_SECOND - performance.now()));
    }
    await page.waitForFunction(
      (last) => document.querySelector(`[role=row]:last-child .place`)?.textContent?.trim() === last,
      String(sent + 99),
    );
    const took = (performance.now() - began) / 1_000;
    const { work, gaps } = await page.evaluate(() => {
      const { work, gaps } = window as unknown as { work: number[]; gaps: number[] };
      return { work, gaps };
    });
    gaps.sort((a, b) => a - b);
    const rows = await page.locator(".rows .row").count();
    return {
      "events shown": `${sent} in ${took.toFixed(1)} s, the last one ${((took - seconds) * 1_000).toFixed(0)} ms after the end`,
      "tasks of the page over 50 ms": `${work.length}${work.length > 0 ? `, longest ${Math.max(...work).toFixed(0)} ms` : ""}`,
      "time between frames": `median ${gaps[gaps.length >> 1]!.toFixed(1)} ms, 99 % within ${gaps[Math.floor(gaps.length * 0.99)]!.toFixed(1)} ms, longest ${gaps.at(-1)!.toFixed(1)} ms`,
      "memory of the page": `${heapBefore.toFixed(1)} MB before, ${(await heap()).toFixed(1)} MB after`,
      "rows in the document": String(rows),
    };
  },
};

function some(count: number): NewEvent[] {
  const data = new TextEncoder().encode(
    JSON.stringify({ text: "An event of usual size, with a little text in it.", n: 1 }),
  );
  return Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    type: index % 3 === 0 ? "Counted" : "Measured",
    isJson: true,
    data,
    metadata: new Uint8Array(),
  }));
}
