import { asMember, createMember } from "@talkme/test-postgres";

const role = "talkme_daemon";

/** Creates syncd's login for the tests, a member of talkme_daemon only. Call it after the migration. */
export async function createDaemonLogin(ownerUrl: string): Promise<void> {
  await createMember(ownerUrl, role);
}

/** The database's URL for that login; a URL of anybody but the owner stays as it is. */
export function asDaemon(url: string): string {
  return URL.canParse(url) && new URL(url).username === "postgres" ? asMember(url, role) : url;
}
