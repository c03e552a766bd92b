import { addConnection } from "./add-connection.ts";
import { uiTest } from "./ui-test.ts";

uiTest("webviews – may ask nobody for anything", {}, async ({ workbench, server, step }) => {
  const { sideBar, quickInput, webviews, page } = workbench;

  await step("a stream is shown", async () => {
    await sideBar.open("Sluice");
    await addConnection(workbench, server.connectionString);
    await quickInput.command("Sluice: Open Stream by Name…");
    await quickInput.asks("Open a Stream");
    await quickInput.fill("ledger-2026");
  });

  await step("what its page is made to ask for, its policy refuses", async () => {
    const panel = await webviews.active("Booked");
    // VS Code's own server answers there, and nothing but the policy keeps the page from it. Stylesheets and fonts are
    // taken from where the page is, which here is that server, too.
    const address = new URL("/version", page.url()).href;
    await panel.locator("body").evaluate((body, address) => {
      const refused = new Set<string>();
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
        refused.add(effectiveDirective);
        body.setAttribute("data-refused", [...refused].sort().join(" "));
      });
      for (const name of ["img", "script", "iframe", "video"]) {
        const element = document.createElement(name);
        element.setAttribute("src", address);
        body.append(element);
      }
      void fetch(address).then(
        () => refused.add("nothing"),
        () => {},
      );
    }, address);
    await panel.locator('body[data-refused="connect-src frame-src img-src media-src script-src-elem"]').waitFor();
  });
});
