import type { Stage } from "./stage.ts";

/** More would be as long as what the tests are to show that nobody waits for. */
const longestMs = 7000;

/**
 * What a second is on this machine, in milliseconds: longer where others use its processors, as the time shows that a row of a
 * campaign that the API has just taken a message of waits for its request.
 */
export async function aSecond(stage: Stage): Promise<number> {
  const row = await stage.reaches(await stage.insert("11988887776"), "sent");
  const waitedMs = Number(row["claimed_at"]) - Number(row["due_at"]);
  return Math.min(longestMs, 1000 + 20 * waitedMs);
}
