import { describeDatabaseError } from "../database/database-fault.ts";
import { checkConnection } from "../database/check-connection.ts";
import { hostPlace } from "../database/database-place.ts";
import { parseHostList, type DatabaseHost } from "../database/database-url.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "hosts";

/** What is at each host of a URL that names several, and which of them would be taken? */
export async function checkHosts(url: string): Promise<readonly Finding[]> {
  const list = parseHostList(url);
  if (list === null || list.hosts.length === 1) return [];
  const client = checkConnection(url);
  try {
    await client.connect();
    const states = await Promise.all(list.hosts.map((host) => findState(url, host)));
    const shown = list.hosts.map((host, index) => `${hostPlace(host)} ${states[index] ?? ""}`).join("; ");
    const found = `connected to ${hostPlace(client)}: ${shown}.`;
    if (states.filter((state) => state === writable).length > 1) {
      const remedy =
        "Find out which is the primary, and stop the other: what is sent from one is not known to the other.";
      return [warning(subject, `${found} More than one takes writes.`, remedy)];
    }
    if (list.attributes !== "any") return [ok(subject, found)];
    const remedy = "Say target_session_attrs=read-write, or leave it out: syncd cannot work on a standby.";
    return [warning(subject, `${found} target_session_attrs is any: a standby would be taken, too.`, remedy)];
  } finally {
    client.end().catch(() => "A lost connection cannot be closed.");
  }
}

const writable = "takes writes";

async function findState(url: string, host: DatabaseHost): Promise<string> {
  const client = checkConnection(url, host);
  try {
    await client.connect();
    const { rows } = await client.query<{ standby: boolean; readOnly: boolean }>(
      `select pg_is_in_recovery() as standby, current_setting('transaction_read_only')::boolean as "readOnly"`,
    );
    const [state] = rows;
    if (state?.standby === true) return "is a standby";
    return state?.readOnly === true ? "is read-only" : writable;
  } catch (error) {
    return `cannot be used (${describeDatabaseError(error).message})`;
  } finally {
    client.end().catch(() => "A lost connection cannot be closed.");
  }
}
