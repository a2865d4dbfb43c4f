import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Roles and grants that differ from what the migrations made, or that let somebody reach more than was granted. */
export interface OddRoles {
  /** Roles of the migrations that do not exist by their name: renamed, or dropped. */
  readonly missing: readonly string[];
  /** Roles of the migrations that are more than a group of privileges, and what: `talkme_daemon is SUPERUSER`. */
  readonly powerful: readonly string[];
  /** Who may create objects in the schema talkme, besides its owner and superusers. */
  readonly creators: readonly string[];
  /** Schemas in which this session looks names up and everybody may create objects. */
  readonly writableSchemas: readonly string[];
  /** Roles that inserted some of the newest rows and no longer exist. */
  readonly goneProducers: readonly string[];
}

const newestRows = 1000;

/** Checks the server's roles, and who may create objects where the daemon's statements would find them. */
export async function listOddRoles(db: Kysely<OutboxDatabase>): Promise<OddRoles> {
  const { rows } = await sql<OddRoles>`
    with known as (
      select name, r.oid, r.rolcanlogin, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolbypassrls, r.rolreplication
      from unnest(array[
        'talkme_producer', 'talkme_daemon', 'talkme_viewer', 'talkme_operator', 'talkme_marketing', 'talkme_console'
      ]) as name
      left join pg_roles as r on r.rolname = name
    )
    select
      array(select name from known where oid is null order by name) as missing,
      array(
        select name || ' is ' || concat_ws(
          ', ', case when rolsuper then 'SUPERUSER' end, case when rolbypassrls then 'BYPASSRLS' end,
          case when rolcreaterole then 'CREATEROLE' end, case when rolcreatedb then 'CREATEDB' end,
          case when rolreplication then 'REPLICATION' end, case when rolcanlogin then 'LOGIN' end
        )
        from known
        where rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin
        order by name
      ) as powerful,
      array(
        select coalesce(a.grantee::regrole::text, '')
        from pg_namespace as n cross join lateral aclexplode(n.nspacl) as a
        where n.nspname = 'talkme' and a.privilege_type = 'CREATE' and a.grantee <> n.nspowner and a.grantee <> 0
        union
        select 'PUBLIC'
        from pg_namespace as n cross join lateral aclexplode(n.nspacl) as a
        where n.nspname = 'talkme' and a.privilege_type = 'CREATE' and a.grantee = 0
        order by 1
      ) as creators,
      array(
        select n.nspname::text
        from pg_namespace as n
        where n.nspname = any (current_schemas(false)) and has_schema_privilege('public', n.oid, 'create')
        order by 1
      ) as "writableSchemas",
      array(
        select distinct newest.created_by::text
        from (select o.created_by from talkme.outbox as o order by o.id desc limit ${newestRows}) as newest
        where newest.created_by is not null
          and not exists (select from pg_roles as r where r.rolname = newest.created_by)
        order by 1
      ) as "goneProducers"
  `.execute(db);
  return rows[0] ?? { missing: [], powerful: [], creators: [], writableSchemas: [], goneProducers: [] };
}
