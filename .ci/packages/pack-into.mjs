/** Packs core, simulator and outbox into the folder that is named. */
import { resolve } from "node:path";

import { pack } from "./pack.mjs";

for (const { file } of pack(resolve(process.argv[2]))) process.stdout.write(`${file}\n`);
