/**
 * Removes a developer's settings for another syncd (`TALKME_TOKEN`) or PostgreSQL (`PGSSLMODE`, `PGOPTIONS`), which would
 * apply to the demonstration's own servers.
 */
export function forgetOtherServers(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment)) {
    if (/^(?:TALKME_|PG)/.test(name)) delete environment[name];
  }
}
