import { databasePlace } from "../database/database-place.ts";
import { findPoolingMode } from "../database/pooling-mode.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const subject = "pooler";

/** Is there a pooler in front of the database, and in a mode that will do? */
export async function checkPooler(url: string): Promise<Finding> {
  const place = databasePlace(url);
  const mode = await findPoolingMode(url);
  switch (mode) {
    case "direct":
      return ok(subject, `none: ${place} is the server itself.`);
    case "transaction":
      return ok(subject, `${place} pools transactions, which will do.`);
    case "session":
      return ok(subject, `${place} pools sessions: each instance keeps up to seven of its connections.`);
    case "statement":
      return problem(
        subject,
        `${place} pools statements: there are no transactions, which migrations and some repairs of rows need.`,
        "Set pool_mode = transaction for this database in PgBouncer, or connect to the server itself.",
      );
    case "unclear":
      return warning(
        subject,
        `${place} is a pooler that gave out no second connection within 5 s.`,
        "Give its pool at least seven connections for each instance (default_pool_size), and see who uses them.",
      );
    default:
      return mode satisfies never;
  }
}
