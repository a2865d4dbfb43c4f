import { buildClients } from "../accounts/build-clients.ts";
import { ConfigurationError } from "../configuration-error.ts";
import type { Settings } from "../config/settings.ts";
import { settings as says } from "../language/findings/machine.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const subject = "settings";

/** Do settings that are valid one by one also fit together? */
export async function checkSettings(settings: Settings): Promise<readonly Finding[]> {
  const { accounts, unrecognised, onUnknown, drainTimeoutMs, requestTimeoutMs } = settings;
  const findings: Finding[] = [];
  try {
    for (const client of buildClients(settings).values()) await client.close();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    findings.push(...error.problems.map((found) => problem(subject, found, says.correct)));
  }
  if (unrecognised.length > 0)
    findings.push(warning(subject, says.unrecognised(unrecognised), says.correctName));
  if (onUnknown === "resend") findings.push(warning(subject, says.resends, says.useHold));
  if (drainTimeoutMs < requestTimeoutMs) {
    const found = says.drainTooShort(drainTimeoutMs, requestTimeoutMs);
    findings.push(warning(subject, found, says.drainLonger));
  }
  if (findings.length > 0) return findings;
  return [ok(subject, says.complete(accounts.map(({ name }) => name)))];
}
