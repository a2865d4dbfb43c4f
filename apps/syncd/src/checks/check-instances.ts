import type { OutboxDatabase } from "@talkme/outbox";
import { listInstances } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { duration } from "../text/duration.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "instances";

/** Is an instance alive? Without any instance there is no finding: syncd may not have been started yet. */
export async function checkInstances(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const instances = await listInstances(db);
  const alive = instances.filter((instance) => instance.alive).length;
  if (alive > 0) return [ok(subject, `${alive} alive.`)];
  const silentForSeconds = Math.min(...instances.map(({ silentSeconds }) => silentSeconds));
  if (silentForSeconds === Infinity) return [];
  return [
    warning(
      subject,
      `no instance is alive: the last one was heard from ${duration(silentForSeconds)} ago, and did not sign off.`,
      "Find out how it ended from its log and the service manager's, and start it again; it takes over the rows in sending.",
    ),
  ];
}
