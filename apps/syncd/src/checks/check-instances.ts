import type { OutboxDatabase } from "@talkme/outbox";
import { listInstances } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { instances as says } from "../language/findings/outbox.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "instances";

/** Is an instance alive? Without any instance there is no finding: syncd may not have been started yet. */
export async function checkInstances(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const instances = await listInstances(db);
  const alive = instances.filter((instance) => instance.alive).length;
  if (alive > 0) return [ok(subject, says.alive(alive))];
  const silentForSeconds = Math.min(...instances.map(({ silentSeconds }) => silentSeconds));
  if (silentForSeconds === Infinity) return [];
  return [warning(subject, says.noneAlive(silentForSeconds), says.restart)];
}
