import { describeDatabaseError } from "../database/database-fault.ts";
import { checkConnection } from "../database/check-connection.ts";
import { hostPlace } from "../database/database-place.ts";
import { parseHostList, type DatabaseHost } from "../database/database-url.ts";
import { hosts } from "../language/findings/connection.ts";
import type { Text } from "../language/text.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "hosts";

/** What is at each host of a URL that names several, and which of them would be taken? */
export async function checkHosts(url: string): Promise<readonly Finding[]> {
  const list = parseHostList(url);
  if (list === null || list.hosts.length === 1) return [];
  const client = checkConnection(url);
  try {
    await client.connect();
    const states = await Promise.all(
      list.hosts.map(async (host) => [hostPlace(host), await findState(url, host)] as const),
    );
    const found = hosts.found(hostPlace(client), states);
    if (states.filter(([, state]) => state === hosts.writable).length > 1)
      return [warning(subject, hosts.severalWritable(found), hosts.findPrimary)];
    if (list.attributes !== "any") return [ok(subject, found)];
    return [warning(subject, hosts.anyTaken(found), hosts.readWrite)];
  } finally {
    client.end().catch(() => "A lost connection cannot be closed.");
  }
}

async function findState(url: string, host: DatabaseHost): Promise<Text> {
  const client = checkConnection(url, host);
  try {
    await client.connect();
    const { rows } = await client.query<{ standby: boolean; readOnly: boolean }>(
      `select pg_is_in_recovery() as standby, current_setting('transaction_read_only')::boolean as "readOnly"`,
    );
    const [state] = rows;
    if (state?.standby === true) return hosts.standby;
    return state?.readOnly === true ? hosts.readOnly : hosts.writable;
  } catch (error) {
    return hosts.unusable(describeDatabaseError(error).message);
  } finally {
    client.end().catch(() => "A lost connection cannot be closed.");
  }
}
