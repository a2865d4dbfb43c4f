import { databasePlace } from "../database/database-place.ts";
import { findPoolingMode } from "../database/pooling-mode.ts";
import { pooler } from "../language/findings/connection.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const subject = "pooler";

/** Is there a pooler in front of the database, and does its mode suit the daemon? */
export async function checkPooler(url: string): Promise<Finding> {
  const place = databasePlace(url);
  const mode = await findPoolingMode(url);
  switch (mode) {
    case "direct":
      return ok(subject, pooler.direct(place));
    case "transaction":
      return ok(subject, pooler.transaction(place));
    case "session":
      return ok(subject, pooler.session(place));
    case "statement":
      return problem(subject, pooler.statement(place), pooler.poolTransactions);
    case "unclear":
      return warning(subject, pooler.unclear(place), pooler.largerPool);
    default:
      return mode satisfies never;
  }
}
