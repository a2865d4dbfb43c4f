import { Client } from "pg";

import { databasePlace } from "../database/database-place.ts";
import { describeDatabaseError } from "../database/database-fault.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "notifications";
const deadlineMs = 5000;

/** Do notifications arrive over the connection for LISTEN? They do not through PgBouncer's transaction mode. */
export async function checkListen(url: string | null): Promise<Finding> {
  if (url === null) return ok(subject, "off: rows are found by polling alone.");
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: deadlineMs,
    query_timeout: deadlineMs,
  });
  client.on("error", () => "The query that is under way fails with it.");
  const channel = `talkme_check_${process.pid}`;
  try {
    await client.connect();
    const arrived = new Promise<boolean>((resolve) => {
      client.on("notification", () => resolve(true));
      setTimeout(resolve, deadlineMs, false).unref();
    });
    await client.query(`listen ${channel}`);
    await client.query(`notify ${channel}`);
    if (await arrived) return ok(subject, `arrive from ${databasePlace(url)}.`);
    return unfit(`do not arrive from ${databasePlace(url)}, as behind a pooler.`);
  } catch (error) {
    return unfit(`${databasePlace(url)} cannot be used: ${describeDatabaseError(error).message}.`);
  } finally {
    client.end().catch(() => "A connection that is lost cannot be closed.");
  }
}

function unfit(detail: string): Finding {
  const remedy =
    "Set TALKME_LISTEN_URL to a direct connection, or to off. Until then rows wait for the next poll.";
  return warning(subject, detail, remedy);
}
