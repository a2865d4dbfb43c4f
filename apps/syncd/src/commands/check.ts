import type { Terminal } from "../cli.ts";
import { checkApi } from "../checks/check-api.ts";
import { checkDatabase } from "../checks/check-database.ts";
import { checkListen } from "../checks/check-listen.ts";
import { ok, warning, type Finding } from "../checks/finding.ts";
import type { Environment } from "../config/environment.ts";
import { readSettings, type Settings } from "../config/settings.ts";

/**
 * `syncd check`: looks for everything that would keep `run` from working. Sends nothing and changes nothing.
 *
 * @returns True where `run` would work.
 * @throws ConfigurationError where the settings themselves are wrong.
 */
export async function check(environment: Environment, terminal: Terminal, json: boolean): Promise<boolean> {
  const settings = readSettings(environment);
  const findings = [
    ...checkSettings(settings),
    ...(await checkDatabase(settings.databaseUrl)),
    await checkListen(settings.listenUrl, settings.databaseUrl),
    ...(await Promise.all(settings.accounts.map(checkApi))).flat(),
  ];
  const works = findings.every(({ severity }) => severity !== "problem");
  terminal.out(json ? `${JSON.stringify({ ok: works, findings }, null, 2)}\n` : describe(findings, works));
  return works;
}

function checkSettings(settings: Settings): readonly Finding[] {
  const names = settings.accounts.map(({ name }) => name).join(", ");
  const found = ok("settings", `complete; accounts: ${names}.`);
  if (settings.unrecognised.length === 0) return [found];
  const unused = `${settings.unrecognised.join(", ")}: not known to syncd, and not used.`;
  return [found, warning("settings", unused, "Correct the name, or remove the variable.")];
}

function describe(findings: readonly Finding[], works: boolean): string {
  const lines = findings.flatMap(({ subject, severity, detail, remedy }) => [
    `${severity.padEnd(7)}  ${subject}: ${detail}`,
    ...(remedy === undefined ? [] : [`         ${remedy}`]),
  ]);
  return [...lines, "", works ? "syncd run would work." : "syncd run would not work.", ""].join("\n");
}
