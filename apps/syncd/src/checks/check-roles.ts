import type { OutboxDatabase } from "@talkme/outbox";
import { listOddRoles } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { roles as says } from "../language/findings/outbox.ts";
import { warning, type Finding } from "./finding.ts";

const subject = "roles";

/** Are the roles as the migrations made them, and can no other role shadow the daemon's objects? */
export async function checkRoles(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { missing, powerful, creators, writableSchemas, goneProducers } = await listOddRoles(db);
  return [
    ...missing.map((role) => warning(subject, says.missing(role), says.rename(role))),
    ...powerful.map((found) => {
      const [role = "", attributes = ""] = found.split(" is ");
      const without = attributes.replaceAll(/[A-Z]+/g, "NO$&").replaceAll(",", "");
      return warning(subject, says.powerful(role, attributes), says.weaken(role, without));
    }),
    ...creators.map((role) => warning(subject, says.creator(role), says.revokeCreate("talkme", role))),
    ...writableSchemas.map((schema) =>
      warning(subject, says.writableSchema(schema), says.closeSchema(schema)),
    ),
    ...goneProducers.map((role) => warning(subject, says.goneProducer(role), says.stepIn(role))),
  ];
}
