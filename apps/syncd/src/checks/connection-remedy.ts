import { connecting } from "../language/findings/connection.ts";
import type { Text } from "../language/text.ts";

/** What to do about a failed connection to PostgreSQL, by the error's code and message. */
export function connectionRemedy({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): Text {
  if (/startup parameter/i.test(message)) return connecting.startupParameter;
  if (/does not support SSL/i.test(message)) return connecting.noTls;
  if (/certificate|self.signed|ALTNAME|CERT_/i.test(`${code} ${message}`)) return connecting.certificate;
  if (/no pg_hba\.conf entry/.test(message)) return connecting.hba;
  return remedies.get(code) ?? connecting.other;
}

const remedies: ReadonlyMap<string, Text> = new Map([
  ["ENOTFOUND", connecting.unresolved],
  ["EAI_AGAIN", connecting.unresolved],
  ["ECONNREFUSED", connecting.unreachable],
  ["EHOSTUNREACH", connecting.unreachable],
  ["ENETUNREACH", connecting.unreachable],
  ["ETIMEDOUT", connecting.unreachable],
  ["ENOENT", connecting.missingFile],
  ["28P01", connecting.login],
  ["28000", connecting.login],
  ["3D000", connecting.missingDatabase],
  ["53300", connecting.full],
  ["42501", connecting.mayConnect],
  ["host_read_only", connecting.noPrimary],
  ["57P03", connecting.starting],
]);
