/**
 * Removes the settings that a developer may have for another syncd (`TALKME_TOKEN`) or another PostgreSQL
 * (`PGSSLMODE`, `PGOPTIONS`): the drivers would apply them to the demonstration's own servers.
 */
export function forgetOtherServers(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment)) {
    if (/^(?:TALKME_|PG)/.test(name)) delete environment[name];
  }
}
