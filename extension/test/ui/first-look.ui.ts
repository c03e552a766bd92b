import { uiTest } from "./ui-test.ts";

uiTest("first look – the views are there, in every theme", {}, async ({ workbench, step, screenshotInAllThemes }) => {
  await step("open the side bar", async () => {
    await workbench.sideBar.open("Sluice");
    await workbench.sideBar.view("Connections").open();
    await workbench.sideBar.view("Streams").open();
  });
  await screenshotInAllThemes("first-look");
});
