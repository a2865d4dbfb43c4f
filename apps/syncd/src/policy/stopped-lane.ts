import type { QueuedLane } from "@talkme/outbox/daemon";

/** What stops a whole lane on purpose: its rows wait, and need no attention. */
export const stopReasons = ["pause", "window"] as const;
export type StopReason = (typeof stopReasons)[number];

/** Why no row of the lane may go; null if some may. A window stops the lane only while closed in the whole country. */
export function stopReason({
  paused,
  closedForMs,
}: Pick<QueuedLane, "paused" | "closedForMs">): StopReason | null {
  if (paused) return "pause";
  return closedForMs > 0 ? "window" : null;
}
