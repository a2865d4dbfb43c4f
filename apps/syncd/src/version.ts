import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };

/** The version of this package, beside `src` in the repository and beside `dist` in the image. */
export const version = manifest.version;
