import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a browser loads beside the pages. htmx comes from its package, so that its version is the lockfile's. */
const files = {
  "style.css": { file: new URL("assets/style.css", import.meta.url), type: "text/css; charset=utf-8" },
  "icon.svg": { file: new URL("assets/icon.svg", import.meta.url), type: "image/svg+xml" },
  "while-visible.js": {
    file: new URL("assets/while-visible.js", import.meta.url),
    type: "text/javascript; charset=utf-8",
  },
  "htmx.js": {
    file: new URL(import.meta.resolve("htmx.org/dist/htmx.min.js")),
    type: "text/javascript; charset=utf-8",
  },
} as const;

type AssetName = keyof typeof files;

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Each has a hash of its content in its path, so that browsers keep it for ever and never use an old one. */
export const assets: ReadonlyMap<string, Asset> = new Map(
  Object.entries(files).map(([name, { file, type }]) => {
    const bytes = new Uint8Array(readFileSync(fileURLToPath(file)));
    const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 12);
    return [name, { path: `/assets/${hash}/${name}`, type, bytes }];
  }),
);

export function assetPath(name: AssetName): string {
  return assets.get(name)?.path ?? "";
}
