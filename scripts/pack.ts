/**
 * Makes the tarballs that users install, and says where they are, one a line. Publish these, never the packages' own folders.
 *
 *   node scripts/pack.ts FOLDER
 */
import { resolve } from "node:path";
import { packAll } from "./pack-all.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("Say where the tarballs shall go: npm run pack -- FOLDER");
for (const tarball of await packAll(resolve(folder))) process.stdout.write(`${tarball}\n`);
