import { databasePlace } from "../database/database-place.ts";
import { tlsMode } from "../database/tls-mode.ts";
import { ok, warning, type Finding } from "./finding.ts";

const remedy =
  "Add sslmode=verify-full to the URL, and sslrootcert=PATH where the authority is your own. This connection carries phone numbers and answers.";

/** Is the connection to the database protected? By the URL alone; connecting shows whether the server agrees. */
export function checkTls(url: string, subject = "TLS to the database"): Finding {
  const place = databasePlace(url);
  const mode = tlsMode(url);
  switch (mode) {
    case "local":
      return ok(subject, `not needed: ${place} is this machine.`);
    case "verified":
      return ok(subject, `encrypted, and ${place} must prove its name.`);
    case "authority":
      return warning(
        subject,
        `encrypted, but any server with a certificate of the same authority passes for ${place}.`,
        remedy,
      );
    case "unverified":
      return warning(subject, `encrypted, but anybody can pass for ${place}.`, remedy);
    case "none":
      return warning(subject, `the connection to ${place} is not encrypted.`, remedy);
    default:
      return mode satisfies never;
  }
}
