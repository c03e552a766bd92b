import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import { leadLinks } from "../links.ts";
import { NOT_ON_THE_SITE, placeOf, sidebar } from "../pages.ts";

const icon = readFileSync(join(import.meta.dirname, "../../extension/media/sluice.svg"));

export default defineConfig({
  title: "Sluice",
  description:
    "Send, publish and subscribe on EventStoreDB: nothing but streams, projections and persistent subscriptions",
  lang: "en-US",
  head: [["link", { rel: "icon", href: `data:image/svg+xml;base64,${icon.toString("base64")}` }]],
  srcDir: "..",
  srcExclude: NOT_ON_THE_SITE,
  rewrites: placeOf,
  markdown: {
    // Comments in code are read, too.
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: (markdown) => {
      // The search renders pages, too, and calls the file `path`.
      markdown.core.ruler.push("lead-links", ({ tokens, env }) => leadLinks(tokens, env.realPath ?? env.path));
    },
  },
  // The search's index is one file, which is loaded by who searches.
  vite: { build: { chunkSizeWarningLimit: 4096 } },
  themeConfig: {
    nav: [
      { text: "Tutorial", link: "/transport/tutorial" },
      { text: "Concepts", link: "/transport/concepts" },
      { text: "Reference", link: "/reference/" },
    ],
    search: { provider: "local" },
    sidebar: sidebar(),
    outline: [2, 3],
  },
});
