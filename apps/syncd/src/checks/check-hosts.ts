import { checkConnection } from "../database/check-connection.ts";
import { hostPlace } from "../database/database-place.ts";
import { parseHostList } from "../database/database-url.ts";
import { whyPassed } from "../database/no-usable-host-error.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "hosts";

/** Which host does a URL with several lead to, and why not to those before it? */
export async function checkHosts(url: string): Promise<readonly Finding[]> {
  const list = parseHostList(url);
  if (list === null || list.hosts.length === 1) return [];
  const client = checkConnection(url);
  try {
    await client.connect();
    const { passed } = client;
    const others = passed.length === 0 ? "the first that was asked" : passed.map(whyPassed).join("; ");
    const found = `connected to ${hostPlace(client)}: ${others}.`;
    if (list.attributes !== "any") return [ok(subject, found)];
    const remedy = "Say target_session_attrs=read-write, or leave it out: syncd cannot work on a standby.";
    return [warning(subject, `${found} target_session_attrs is any: a standby would be taken, too.`, remedy)];
  } finally {
    client.end().catch(() => "A lost connection cannot be closed.");
  }
}
