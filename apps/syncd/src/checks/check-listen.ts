import { Client } from "pg";

import { databasePlace } from "../database/database-place.ts";
import { describeDatabaseError } from "../database/database-fault.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "notifications";
const deadlineMs = 5000;

/**
 * Do notifications arrive over the connection for LISTEN? They do not through PgBouncer's transaction mode. Sent over
 * a connection of its own, as by an insert: what a connection sends to itself arrives through any pooler.
 */
export async function checkListen(listenUrl: string | null, databaseUrl: string): Promise<Finding> {
  if (listenUrl === null) return ok(subject, "off: rows are found by polling alone.");
  const listening = connectionTo(listenUrl);
  const sending = connectionTo(databaseUrl);
  const channel = `talkme_check_${process.pid}`;
  try {
    await Promise.all([listening.connect(), sending.connect()]);
    const arrived = new Promise<boolean>((resolve) => {
      listening.on("notification", () => resolve(true));
      setTimeout(resolve, deadlineMs, false).unref();
    });
    await listening.query(`listen ${channel}`);
    await sending.query(`notify ${channel}`);
    if (await arrived) return ok(subject, `arrive from ${databasePlace(listenUrl)}.`);
    return unfit(`do not arrive from ${databasePlace(listenUrl)}, as behind a pooler.`);
  } catch (error) {
    return unfit(`${databasePlace(listenUrl)} cannot be used: ${describeDatabaseError(error).message}.`);
  } finally {
    for (const client of [listening, sending]) {
      client.end().catch(() => "A connection that is lost cannot be closed.");
    }
  }
}

function connectionTo(url: string): Client {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: deadlineMs,
    query_timeout: deadlineMs,
  });
  client.on("error", () => "The query that is under way fails with it.");
  return client;
}

function unfit(detail: string): Finding {
  const remedy =
    "Set TALKME_LISTEN_URL to a direct connection, or to off. Until then rows wait for the next poll.";
  return warning(subject, detail, remedy);
}
