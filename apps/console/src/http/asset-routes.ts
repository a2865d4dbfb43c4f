import type { Hono } from "hono";

import { assets } from "../look/asset-paths.ts";

const yearSeconds = 31_536_000;

/** Style, scripts and the icon, which everybody may load. */
export function routeAssets(app: Hono): void {
  for (const { path, type, bytes } of assets.values())
    app.get(path, (context) =>
      context.body(bytes, 200, {
        "content-type": type,
        "cache-control": `public, max-age=${yearSeconds}, immutable`,
      }),
    );
}
