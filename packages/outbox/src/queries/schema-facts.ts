import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** What the catalogs say of the schema talkme and of the session. Names of tables have their schema. */
export interface SchemaFacts {
  readonly user: string;
  readonly rowSecurity: boolean;
  /** As in session_replication_role. */
  readonly replicationRole: string;
  /** Functions, operators and tables that the session's search_path finds before PostgreSQL's own of the same name. */
  readonly shadowing: readonly string[];
  readonly owners: readonly { readonly owner: string; readonly objects: readonly string[] }[];
  /** Tables that the owner of a SECURITY DEFINER function may not use. */
  readonly powerless: readonly string[];
  readonly relations: readonly {
    readonly name: string;
    readonly secured: boolean;
    readonly forced: boolean;
    readonly persistent: boolean;
    readonly unidentified: boolean;
  }[];
  readonly policies: readonly { readonly name: string; readonly table: string }[];
  readonly triggers: readonly {
    readonly table: string;
    readonly name: string;
    /** As in pg_trigger.tgenabled. */
    readonly mode: string;
    readonly calls: string;
  }[];
  readonly indexes: readonly { readonly name: string; readonly valid: boolean }[];
  /** The body is null if PostgreSQL parsed it at creation. */
  readonly functions: readonly { readonly name: string; readonly body: string | null }[];
  readonly rules: readonly { readonly name: string; readonly table: string }[];
}

/** Reads them; needs no privilege. Every name is qualified, in case the search_path has others before PostgreSQL's. */
export async function readSchemaFacts(db: Kysely<OutboxDatabase>): Promise<SchemaFacts> {
  return db.transaction().execute(async (transaction) => {
    // Reading must not depend on what is read: the search_path in question is read first.
    const { rows: paths } = await sql<{ path: string[] }>`
      select pg_catalog.current_schemas(true) as path
    `.execute(transaction);
    await sql`set local search_path = pg_catalog, pg_temp`.execute(transaction);
    await sql`set local quote_all_identifiers = off`.execute(transaction);
    const { rows } = await sql<SchemaFacts>`
      with schema as materialized (select oid from pg_namespace where nspname = 'talkme'),
      relation as materialized (
        select c.*, 'talkme.' || quote_ident(c.relname) as name
        from pg_class as c where c.relnamespace = (select oid from schema)
      ),
      early as materialized (
        select n.oid, n.nspname
        from unnest(${paths[0]?.path ?? []}::name[]) with ordinality as p (name, place)
        join pg_namespace as n on n.nspname = p.name
        where n.nspname !~ '^pg_temp'
          and p.place < array_position(${paths[0]?.path ?? []}::name[], 'pg_catalog')
      ),
      owned as (
        select pg_get_userbyid(relowner) as owner, name as object from relation where relkind in ('r', 'p', 'v')
        union all
        select pg_get_userbyid(proowner), 'talkme.' || proname || '()' from pg_proc
        where pronamespace = (select oid from schema)
      ),
      definer as (
        select distinct proowner from pg_proc where pronamespace = (select oid from schema) and prosecdef
      )
      select
        current_user as "user",
        current_setting('row_security')::boolean as "rowSecurity",
        current_setting('session_replication_role') as "replicationRole",
        array(
          select e.nspname || '.' || p.proname || '()'
          from early as e join pg_proc as p on p.pronamespace = e.oid
          where exists (
            select from pg_proc as own
            where own.pronamespace = 'pg_catalog'::regnamespace and own.proname = p.proname
              and own.proargtypes = p.proargtypes
          )
          union
          select e.nspname || '.' || o.oprname
          from early as e join pg_operator as o on o.oprnamespace = e.oid
          where exists (
            select from pg_operator as own
            where own.oprnamespace = 'pg_catalog'::regnamespace and own.oprname = o.oprname
              and own.oprleft = o.oprleft and own.oprright = o.oprright
          )
          union
          select e.nspname || '.' || c.relname
          from early as e join pg_class as c on c.relnamespace = e.oid
          where exists (
            select from pg_class as own where own.relnamespace = 'pg_catalog'::regnamespace and own.relname = c.relname
          )
          union
          select e.nspname || '.' || t.typname
          from early as e join pg_type as t on t.typnamespace = e.oid
          -- Except those that come with a table.
          where t.typtype <> 'c' and t.typcategory <> 'A' and exists (
            select from pg_type as own where own.typnamespace = 'pg_catalog'::regnamespace and own.typname = t.typname
          )
          order by 1
        ) as shadowing,
        coalesce((
          select json_agg(json_build_object('owner', owner, 'objects', objects))
          from (select owner, json_agg(object order by object) as objects from owned group by owner) as o
        ), '[]') as owners,
        array(
          select distinct r.name
          from relation as r cross join definer as d
          where r.relkind in ('r', 'p') and not r.relispartition and r.relname !~ '^migration'
            and not has_table_privilege(d.proowner, r.oid, 'select')
          order by 1
        ) as powerless,
        coalesce((
          select json_agg(json_build_object(
            'name', name, 'secured', relrowsecurity, 'forced', relforcerowsecurity, 'persistent', relpersistence = 'p',
            'unidentified', relreplident = 'n' and exists (
              select from pg_publication_tables as t join pg_publication as p on p.pubname = t.pubname
              where t.schemaname = 'talkme' and t.tablename = relation.relname and (p.pubupdate or p.pubdelete)
            )
          ) order by name)
          from relation where relkind in ('r', 'p')
        ), '[]') as relations,
        coalesce((
          select json_agg(json_build_object('name', p.polname, 'table', r.name) order by r.name, p.polname)
          from pg_policy as p join relation as r on r.oid = p.polrelid
        ), '[]') as policies,
        coalesce((
          select json_agg(json_build_object(
            'table', r.name, 'name', t.tgname, 'mode', t.tgenabled, 'calls', t.tgfoid::regproc::text
          ) order by r.name, t.tgname)
          from pg_trigger as t join relation as r on r.oid = t.tgrelid
          where not t.tgisinternal and t.tgparentid = 0
        ), '[]') as triggers,
        coalesce((
          select json_agg(json_build_object('name', c.relname, 'valid', i.indisvalid and i.indisready))
          from pg_index as i join relation as c on c.oid = i.indexrelid
        ), '[]') as indexes,
        coalesce((
          select json_agg(json_build_object(
            'name', p.proname, 'body', case when p.prosqlbody is null then p.prosrc end
          ) order by p.proname)
          from pg_proc as p where p.pronamespace = (select oid from schema)
        ), '[]') as functions,
        coalesce((
          select json_agg(json_build_object('name', w.rulename, 'table', r.name))
          from pg_rewrite as w join relation as r on r.oid = w.ev_class
          where w.rulename <> '_RETURN'
        ), '[]') as rules
    `.execute(transaction);
    const [facts] = rows;
    if (facts === undefined) throw new Error("The catalogs say nothing.");
    return facts;
  });
}
