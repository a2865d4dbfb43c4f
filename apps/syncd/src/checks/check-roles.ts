import type { OutboxDatabase } from "@talkme/outbox";
import { listOddRoles } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { warning, type Finding } from "./finding.ts";

const subject = "roles";

/** Are the roles of the migrations what they were made as, and can nobody put objects of their own in the daemon's way? */
export async function checkRoles(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { missing, powerful, creators, writableSchemas, goneProducers } = await listOddRoles(db);
  return [
    ...missing.map((role) =>
      warning(
        subject,
        `${role} does not exist: it was renamed or dropped. Functions that ask for it by its name refuse its members, and the next migration creates it again, without its grants.`,
        `alter role NEW_NAME rename to ${role}; or, where it was dropped, create it and repeat the grants of docs/privileges.md.`,
      ),
    ),
    ...powerful.map((found) => {
      const [role = "", attributes = ""] = found.split(" is ");
      return warning(
        subject,
        `${found}: its members may become it, and do more than docs/privileges.md says.`,
        `alter role ${role} ${attributes.replaceAll(/[A-Z]+/g, "NO$&").replaceAll(",", "")}; and give people and programs logins of their own.`,
      );
    }),
    ...creators.map((role) =>
      warning(
        subject,
        `${role} may create objects in the schema talkme: a function there could be taken for one of its own, and run with its owner's rights.`,
        `revoke create on schema talkme from ${role};`,
      ),
    ),
    ...writableSchemas.map((schema) =>
      warning(
        subject,
        `everybody may create objects in the schema ${schema}, where statements of syncd look up names: a function there could run with its rights.`,
        `revoke create on schema ${schema} from public; or alter role SYNCD_LOGIN set search_path = pg_catalog;`,
      ),
    ),
    ...goneProducers.map((role) =>
      warning(
        subject,
        `rows were inserted by ${role}, a role that does not exist any more. Where it was renamed, it does not see them, nor may it cancel them.`,
        `create role ${role} nologin; grant ${role} to NEW_NAME; so that the new name sees what the old one inserted.`,
      ),
    ),
  ];
}
