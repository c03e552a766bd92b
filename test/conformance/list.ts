/** Writes the list of behaviors and the tests that show them: `npm run conformance:list`. */
import { writeFileSync } from "node:fs";
import { currentPage, PAGE } from "./current-page.ts";

writeFileSync(PAGE, currentPage());
