import type { Stage } from "./stage.ts";

/** More would reach the delays that the tests rule out. */
const longestMs = 7000;

/**
 * A second in milliseconds, stretched by how busy the machine is, as measured by the wait of a row whose campaign is
 * known to work.
 */
export async function aSecond(stage: Stage): Promise<number> {
  const row = await stage.reaches(await stage.insert("11988887776"), "sent");
  const waitedMs = Number(row["claimed_at"]) - Number(row["due_at"]);
  return Math.min(longestMs, 1000 + 20 * waitedMs);
}
