import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { Rights } from "./person.ts";

/** The console's own login, before it becomes anybody. */
export interface LoginState {
  readonly login: string;
  readonly isSuperuser: boolean;
  /** Whether the migrations of this version have created talkme_console. */
  readonly roleExists: boolean;
  readonly isMember: boolean;
  /** Roles whose rights it has without becoming them: there should be none. */
  readonly inherited: readonly string[];
}

export async function readLoginState(db: Kysely<OutboxDatabase>): Promise<LoginState> {
  const { rows } = await sql<LoginState>`
    select
      session_user::text as login,
      r.rolsuper as "isSuperuser",
      to_regrole('talkme_console') is not null as "roleExists",
      exists (
        select from pg_auth_members as m where m.member = r.oid and m.roleid = to_regrole('talkme_console')
      ) as "isMember",
      array(
        select granted.rolname::text
        from pg_auth_members as m join pg_roles as granted on granted.oid = m.roleid
        where m.member = r.oid and pg_has_role(r.oid, granted.oid, 'usage')
        order by 1
      ) as inherited
    from pg_roles as r where r.rolname = session_user
  `.execute(db);
  const [state] = rows;
  if (state === undefined) throw new Error("PostgreSQL has no role of the session's user.");
  return state;
}

/** A role that was granted to the console's login. */
export interface GrantedRole extends Rights {
  readonly role: string;
  readonly isSuperuser: boolean;
}

/** Whoever may be a person of the console: the roles that were granted to its login, without those of the product and of PostgreSQL. */
export async function listGrantedRoles(db: Kysely<OutboxDatabase>): Promise<readonly GrantedRole[]> {
  const { rows } = await sql<GrantedRole>`
    select
      r.rolname::text as role,
      r.rolsuper as "isSuperuser",
      pg_has_role(r.oid, 'talkme_viewer', 'usage') as viewer,
      pg_has_role(r.oid, 'talkme_operator', 'usage') as operator,
      pg_has_role(r.oid, 'talkme_marketing', 'usage') as marketing,
      pg_has_role(r.oid, 'talkme_producer', 'usage') as producer
    from pg_auth_members as m
    join pg_roles as login on login.oid = m.member and login.rolname = session_user
    join pg_roles as r on r.oid = m.roleid
    where r.rolname !~ '^(talkme|pg)_'
    group by r.oid, r.rolname, r.rolsuper
    order by r.rolname
  `.execute(db);
  return rows;
}
