import type { ServerName } from "../change-state.ts";
import type { Setting } from "../designs.ts";
import type { Claim, State } from "../state.ts";

/**
 * Whether a claim is known to be the last one of its row, so that what was provably not sent may be sent again. `lost`: in a part of
 * the history that was lost another claim may have come after it. `open`: that is not known before the change is acknowledged.
 */
export function eraOf(
  { change, acknowledged }: State,
  { durability, has }: Setting,
  server: ServerName,
  { isBefore }: Pick<Claim, "isBefore">,
): "holds" | "open" | "lost" {
  if (server === "old" || change === "none" || !isBefore || acknowledged === "itself") return "holds";
  return acknowledged === "no" && (durability === "standby" || !has["confirmed-only"]) ? "open" : "lost";
}
