import type { Client } from "pg";

import { checkConnection } from "../database/check-connection.ts";
import { describeDatabaseError } from "../database/database-fault.ts";
import { databasePlace } from "../database/database-place.ts";
import { findPoolingMode } from "../database/pooling-mode.ts";
import { notifications } from "../language/findings/connection.ts";
import type { Text } from "../language/text.ts";
import { checkTls } from "./check-tls.ts";
import { connectionRemedy } from "./connection-remedy.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "notifications";
const deadlineMs = 5000;

/** Do notifications arrive, and is the connection for LISTEN protected where it has a URL of its own? */
export async function checkListen(
  listenUrl: string | null,
  databaseUrl: string,
): Promise<readonly Finding[]> {
  const arrival = await checkArrival(listenUrl, databaseUrl);
  if (listenUrl === null || listenUrl === databaseUrl) return [arrival];
  try {
    return [checkTls(listenUrl, "TLS of TALKME_LISTEN_URL"), arrival];
  } catch {
    // It names a file that cannot be read, which the arrival reports.
    return [arrival];
  }
}

/**
 * Do notifications arrive over the connection for LISTEN? Through PgBouncer's transaction mode they do not. Sends over
 * a second connection, like an insert: a connection's notification to itself passes any pooler.
 */
async function checkArrival(listenUrl: string | null, databaseUrl: string): Promise<Finding> {
  if (listenUrl === null) return ok(subject, notifications.off);
  const place = databasePlace(listenUrl);
  const clients: Client[] = [];
  const channel = `talkme_check_${process.pid}`;
  try {
    const [listening, sending] = [checkConnection(listenUrl), checkConnection(databaseUrl)];
    clients.push(listening, sending);
    await Promise.all([listening.connect(), sending.connect()]);
    const arrived = new Promise<boolean>((resolve) => {
      listening.on("notification", () => resolve(true));
      setTimeout(resolve, deadlineMs, false).unref();
    });
    await listening.query(`listen ${channel}`);
    await sending.query(`notify ${channel}`);
    if (await arrived) return ok(subject, notifications.arrive(place));
    return unfit(notifications.missing(place, await reasonFor(listening, sending, listenUrl)));
  } catch (error) {
    const described = describeDatabaseError(error);
    return unfit(notifications.unusable(place, described.message), connectionRemedy(described));
  } finally {
    for (const client of clients) {
      client.end().catch(() => "A lost connection cannot be closed.");
    }
  }
}

async function reasonFor(listening: Client, sending: Client, listenUrl: string): Promise<Text> {
  if ((await databaseOf(listening)) !== (await databaseOf(sending))) return notifications.otherDatabase;
  const mode = await findPoolingMode(listenUrl);
  return mode === "direct" || mode === "session" ? notifications.noCause : notifications.pools(mode);
}

/** No two servers start in the same microsecond. */
async function databaseOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ identity: string }>(
    "select concat_ws(' ', current_database(), extract(epoch from pg_postmaster_start_time())) as identity",
  );
  return rows[0]?.identity ?? "";
}

function unfit(detail: Text, first: Text | null = null): Finding {
  const { directUrl } = notifications;
  return warning(subject, detail, first === null ? directUrl : notifications.first(first, directUrl));
}
