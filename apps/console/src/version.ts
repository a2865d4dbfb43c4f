import { readFileSync } from "node:fs";

const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** The version of this package, beside `src` in the repository and beside `dist` in the image. */
export const version = manifest.version;
