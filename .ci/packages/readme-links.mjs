/**
 * `prepack` and `postpack` of a published package, in its folder: makes the links of README.md that leave the package
 * absolute, and relative again. In the repository they work in a clone and on any branch; in a tarball only absolute
 * ones do. What was interrupted is mended by the next run.
 */
import { readFileSync, writeFileSync } from "node:fs";

import { project } from "./published.mjs";

const absolute = `](${project.page}/blob/main/`;
const relative = "](../../";
const [from, to] = process.argv[2] === "absolute" ? [relative, absolute] : [absolute, relative];

const page = readFileSync("README.md", "utf8");
const changed = page.replaceAll(from, to);
if (changed !== page) writeFileSync("README.md", changed);
