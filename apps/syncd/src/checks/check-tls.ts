import { databasePlace } from "../database/database-place.ts";
import { tlsMode } from "../database/tls-mode.ts";
import { tls } from "../language/findings/connection.ts";
import type { Subject } from "../language/findings/subjects.ts";
import { ok, warning, type Finding } from "./finding.ts";

/** Is the connection to the database protected? By the URL alone; connecting shows whether the server agrees. */
export function checkTls(url: string, subject: Subject = "TLS to the database"): Finding {
  const place = databasePlace(url);
  const mode = tlsMode(url);
  switch (mode) {
    case "local":
      return ok(subject, tls.local(place));
    case "verified":
      return ok(subject, tls.verified(place));
    case "authority":
      return warning(subject, tls.authority(place), tls.verifyFull);
    case "unverified":
      return warning(subject, tls.unverified(place), tls.verifyFull);
    case "none":
      return warning(subject, tls.none(place), tls.verifyFull);
    default:
      return mode satisfies never;
  }
}
