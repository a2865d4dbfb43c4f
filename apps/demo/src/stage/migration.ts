import { once } from "node:events";
import { text } from "node:stream/consumers";

import { spawnSyncd } from "./syncd-process.ts";

/**
 * Runs `syncd migrate`.
 *
 * @returns The migrations that it applied.
 */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const child = spawnSyncd("migrate", { TALKME_DATABASE_URL: databaseUrl });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (code !== 0)
    throw new Error(`syncd migrate failed (exit code ${String(code)}):\n${out}${err}`.trimEnd());
  return [...out.matchAll(/^applied (\S+)$/gm)].map(([, name = ""]) => name);
}
