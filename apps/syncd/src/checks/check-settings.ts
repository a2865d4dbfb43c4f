import { buildClients } from "../accounts/build-clients.ts";
import { ConfigurationError } from "../configuration-error.ts";
import type { Settings } from "../config/settings.ts";
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
    findings.push(...error.problems.map((found) => problem(subject, found, "Correct it.")));
  }
  if (unrecognised.length > 0) {
    const found = `${unrecognised.join(", ")}: unknown to syncd and not used.`;
    findings.push(warning(subject, found, "Correct the name, or remove the variable."));
  }
  if (onUnknown === "resend") {
    const found = "TALKME_ON_UNKNOWN is resend: what may have been sent is sent again.";
    const remedy = "Use hold, and on_unknown = 'resend' only for rows that may reach a person twice.";
    findings.push(warning(subject, found, remedy));
  }
  if (drainTimeoutMs < requestTimeoutMs) {
    const found = `TALKME_DRAIN_TIMEOUT_MS (${drainTimeoutMs}) is shorter than TALKME_REQUEST_TIMEOUT_MS (${requestTimeoutMs}): a stop may leave rows unknown.`;
    findings.push(warning(subject, found, "Make the drain timeout at least as long as the request timeout."));
  }
  if (findings.length > 0) return findings;
  return [ok(subject, `complete; accounts: ${accounts.map(({ name }) => name).join(", ")}.`)];
}
