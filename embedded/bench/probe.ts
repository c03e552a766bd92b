/** Loaded into each process of the benchmark before anything else: tells what the process has used, and ends it with the benchmark. */
import process from "node:process";
import type { Usage } from "./child.ts";

process.on("message", (question) => {
  if (question !== "usage") return;
  const { user, system } = process.cpuUsage();
  const usage: Usage = {
    cpu: (user + system) / 1e6,
    memory: process.memoryUsage.rss(),
    mostMemory: process.resourceUsage().maxRSS * 1024,
  };
  process.send?.(usage);
});
process.on("disconnect", () => process.exit());
