import type { OutboxDatabase } from "@talkme/outbox";
import { listOddRoles } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { warning, type Finding } from "./finding.ts";

const subject = "roles";

/** Are the roles as the migrations made them, and can no other role shadow the daemon's objects? */
export async function checkRoles(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { missing, powerful, creators, writableSchemas, goneProducers } = await listOddRoles(db);
  return [
    ...missing.map((role) =>
      warning(
        subject,
        `${role} does not exist: it was renamed or dropped. Functions that look for it by name refuse its members, and the next migration creates it again without its grants.`,
        `alter role NEW_NAME rename to ${role}; or, where it was dropped, create it and repeat the grants of docs/privileges.md.`,
      ),
    ),
    ...powerful.map((found) => {
      const [role = "", attributes = ""] = found.split(" is ");
      return warning(
        subject,
        `${found}: its members can do more than docs/privileges.md says.`,
        `alter role ${role} ${attributes.replaceAll(/[A-Z]+/g, "NO$&").replaceAll(",", "")}; and give people and programs logins of their own.`,
      );
    }),
    ...creators.map((role) =>
      warning(
        subject,
        `${role} may create objects in the schema talkme: a function there could replace one of its own and run with the owner's rights.`,
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
        `rows were inserted by ${role}, a role that no longer exists. If it was renamed, it can neither see nor cancel them.`,
        `create role ${role} nologin; grant ${role} to NEW_NAME; so that the new name sees what the old one inserted.`,
      ),
    ),
  ];
}
