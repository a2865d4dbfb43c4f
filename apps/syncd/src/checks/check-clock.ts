import type { OutboxDatabase } from "@talkme/outbox";
import { readServerClock } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { clock } from "../language/findings/server.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "clock";
const toleratedMs = 2000;

/**
 * How far is this machine's clock from the database's? Leases and due times do not depend on it; certificates, the
 * times in logs and some alerts do.
 */
export async function checkClock(db: Kysely<OutboxDatabase>): Promise<Finding> {
  const askedAtMs = Date.now();
  const asked = performance.now();
  const serverMs = await readServerClock(db);
  const tripMs = performance.now() - asked;
  const offsetMs = askedAtMs + tripMs / 2 - serverMs;
  const certainMs = Math.max(0, Math.abs(offsetMs) - tripMs / 2);
  if (certainMs <= toleratedMs) return ok(subject, clock.fine);
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return warning(subject, clock.off(seconds, offsetMs > 0), clock.runNtp);
}
