import { checkApi } from "../checks/check-api.ts";
import { checkDatabase } from "../checks/check-database.ts";
import { checkHttp } from "../checks/check-http.ts";
import { checkListen } from "../checks/check-listen.ts";
import { checkSettings } from "../checks/check-settings.ts";
import { problem, type Finding } from "../checks/finding.ts";
import { checkUnusedProxies, proxyVariables } from "../checks/unused-proxies.ts";
import type { Language } from "../language/language.ts";
import { severities, verdict } from "../language/screens/check.ts";
import { settings as says } from "../language/findings/machine.ts";
import { subjectName } from "../language/findings/subjects.ts";
import { ConfigurationError } from "../configuration-error.ts";
import type { Environment } from "../config/environment.ts";
import { readPlaces, type Places } from "../config/places.ts";
import { readSettings } from "../config/settings.ts";
import { printable } from "../text/printable.ts";
import { wrapped } from "../text/wrapped.ts";
import type { Terminal } from "./terminal.ts";

export interface CheckOptions {
  /** In English, whatever the language. */
  readonly json: boolean;
  readonly language: Language;
  /** Reports a snapshot that was kept open for longer. */
  readonly snapshotSeconds: number;
}

/** Whether `run` would work, and if not, whether the settings themselves are wrong. */
export type CheckResult = "works" | "fails" | "misconfigured";

/**
 * `syncd check`: finds everything that would keep `run` from working, or from working well. Wrong settings do not
 * prevent the other checks. Sends nothing and changes nothing.
 */
export async function check(
  environment: Environment,
  terminal: Terminal,
  { json, language, snapshotSeconds }: CheckOptions,
): Promise<CheckResult> {
  const { settings, places } = await checkOwnMachine(environment);
  const unusedProxies = proxyVariables(environment);
  const findings = [
    ...settings,
    ...checkUnusedProxies(unusedProxies, places.accounts),
    ...(await checkPlaces(places, snapshotSeconds, unusedProxies)),
  ];
  const works = findings.every(({ severity }) => severity !== "problem");
  terminal.out(
    json
      ? `${JSON.stringify({ ok: works, findings }, null, 2)}\n`
      : describe(findings, works, { language, columns: terminal.screen()?.columns ?? Infinity }),
  );
  if (works) return "works";
  return findings.some(isMisconfiguration) ? "misconfigured" : "fails";
}

/** A problem with these makes `run` exit with 78. */
const misconfigurable: ReadonlySet<string> = new Set(["settings", "HTTP"]);

function isMisconfiguration({ subject, severity }: Finding): boolean {
  return misconfigurable.has(subject) && severity === "problem";
}

async function checkOwnMachine(
  environment: Environment,
): Promise<{ readonly settings: readonly Finding[]; readonly places: Places }> {
  try {
    const settings = readSettings(environment);
    const { httpHost: host, httpPort: port, metricsToken, metricsAreOpen } = settings;
    const isProtected = metricsToken !== null || metricsAreOpen;
    const http = await checkHttp({ host, port, isProtected });
    return { settings: [...(await checkSettings(settings)), ...http], places: settings };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return {
      settings: error.problems.map((found) => problem("settings", found, says.correctFromPage)),
      places: readPlaces(environment),
    };
  }
}

async function checkPlaces(
  { databaseUrl, listenUrl, accounts, accountRules, claimDurability }: Places,
  snapshotSeconds: number,
  unusedProxies: readonly string[],
): Promise<readonly Finding[]> {
  const api = Promise.all(accounts.map((account) => checkApi(account, unusedProxies)));
  const names = accounts.map(({ name }) => name);
  const about = { accounts: names, accountRules, claimDurability, snapshotSeconds };
  const database = databaseUrl === null ? [] : await checkDatabase({ url: databaseUrl, ...about });
  const listen = databaseUrl === null ? [] : await checkListen(listenUrl, databaseUrl);
  return [...database, ...listen, ...(await api).flat()];
}

/** How findings are shown. */
interface View {
  readonly language: Language;
  /** The width to fit into; infinite where the output is a file. */
  readonly columns: number;
}

function describe(findings: readonly Finding[], works: boolean, { language, columns }: View): string {
  const width = Math.max(...Object.values(severities).map((severity) => severity.in(language).length));
  const lines = findings.flatMap(({ subject, severity, detail, remedy }) => {
    const mark = `${severities[severity].in(language).padEnd(width)}  `;
    const found = `${subjectName(subject).in(language)}: ${printable(detail.in(language))}`;
    const indented = remedy?.in(language).split("\n") ?? [];
    return [
      wrapped(found, columns, mark),
      ...indented.map((line) => wrapped(printable(line), columns, " ".repeat(mark.length))),
    ];
  });
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  const ends = [
    (works ? verdict.works : verdict.fails).in(language),
    ...(warnings === 0 ? [] : [verdict.warnings(warnings).in(language)]),
  ];
  return [...lines, "", ends.join(" "), ""].join("\n");
}
