/** The variables that a child process inherits, without those of a developer's own syncd or PostgreSQL. */
export function neutralEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:TALKME_|PG)/.test(name));
  return Object.fromEntries(inherited.map(([name, value]) => [name, value ?? ""]));
}
