import type { Stage } from "./stage.ts";

/** A longer one would reach the delays whose absence the tests show. */
const longestMs = 7000;

/**
 * A second in milliseconds, stretched by how busy the machine is: measured by how long a row of a campaign that is known
 * to work waits for its request.
 */
export async function aSecond(stage: Stage): Promise<number> {
  const row = await stage.reaches(await stage.insert("11988887776"), "sent");
  const waitedMs = Number(row["claimed_at"]) - Number(row["due_at"]);
  return Math.min(longestMs, 1000 + 20 * waitedMs);
}
