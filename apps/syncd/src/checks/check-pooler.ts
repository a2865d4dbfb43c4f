import { databasePlace } from "../database/database-place.ts";
import { findPoolingMode } from "../database/pooling-mode.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const subject = "pooler";

/** Is there a pooler in front of the database, and does its mode suit the daemon? */
export async function checkPooler(url: string): Promise<Finding> {
  const place = databasePlace(url);
  const mode = await findPoolingMode(url);
  switch (mode) {
    case "direct":
      return ok(subject, `none: ${place} is the server itself.`);
    case "transaction":
      return ok(subject, `${place} pools transactions, which is fine.`);
    case "session":
      return ok(subject, `${place} pools sessions: each instance keeps up to seven of its connections.`);
    case "statement":
      return problem(
        subject,
        `${place} pools statements: migrations and some repairs of rows need transactions.`,
        "Set pool_mode = transaction for this database in PgBouncer, or connect to the server itself.",
      );
    case "unclear":
      return warning(
        subject,
        `${place} is a pooler that gave out no second connection within 5 s.`,
        "Give its pool at least seven connections for each instance (default_pool_size), and find out what uses them.",
      );
    default:
      return mode satisfies never;
  }
}
