import { asMember, createMember } from "@talkme/test-postgres";

const role = "talkme_daemon";

/** Creates the login that syncd uses in the tests: a member of talkme_daemon and of nothing else. After the migration. */
export async function createDaemonLogin(ownerUrl: string): Promise<void> {
  await createMember(ownerUrl, role);
}

/** The same database as that login sees it; a URL of anybody but the owner is left as it is. */
export function asDaemon(url: string): string {
  return URL.canParse(url) && new URL(url).username === "postgres" ? asMember(url, role) : url;
}
