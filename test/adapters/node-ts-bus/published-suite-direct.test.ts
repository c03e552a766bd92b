import { runPublishedSuite } from "./published-suite.ts";

await runPublishedSuite("direct");
