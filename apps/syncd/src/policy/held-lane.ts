import type { QueuedLane } from "@talkme/outbox/daemon";

/** What holds a whole lane because people want it so: its rows wait, and nobody has to come for them. */
export const holdReasons = ["pause", "window"] as const;
export type HoldReason = (typeof holdReasons)[number];

/** Why no row of the lane may go at all; null where some may. A window counts that is closed in the whole country. */
export function holdReason({
  paused,
  closedForMs,
}: Pick<QueuedLane, "paused" | "closedForMs">): HoldReason | null {
  if (paused) return "pause";
  return closedForMs > 0 ? "window" : null;
}
