import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../../src/index.ts";

/** Everything that the catalogs hold about the schema talkme, in a comparable form: one line for each fact. */
export async function describeSchema(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  const { rows } = await sql<{ fact: string }>`
    with relation as (
      select * from pg_class where relnamespace = 'talkme'::regnamespace and relkind <> 'i' and relkind <> 'I'
    )
    select format('schema %s %s', nspowner::regrole, nspacl::text) as fact
    from pg_namespace where nspname = 'talkme'
    union all
    select format('relation %s kind %s persistence %s owner %s options %s rls %s %s acl %s partition %s',
      c.oid::regclass, c.relkind, c.relpersistence, c.relowner::regrole, c.reloptions, c.relrowsecurity,
      c.relforcerowsecurity, acl.entries, pg_get_expr(c.relpartbound, c.oid))
    from relation as c
    left join lateral (select string_agg(a::text, ',' order by a::text) as entries from unnest(c.relacl) as a) as acl on true
    union all
    select format('column %s %s.%s %s collation %s not null %s default %s generated %s identity %s acl %s options %s',
      row_number() over (partition by c.oid order by a.attnum), c.oid::regclass, a.attname,
      format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation, a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity, acl.entries, a.attoptions)
    from relation as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
    left join lateral (select string_agg(x::text, ',' order by x::text) as entries from unnest(a.attacl) as x) as acl on true
    union all
    select format('constraint %s on %s %s valid %s deferrable %s', conname, conrelid::regclass,
      pg_get_constraintdef(oid), convalidated, condeferrable)
    from pg_constraint where connamespace = 'talkme'::regnamespace
    union all
    select format('index %s valid %s ready %s live %s', pg_get_indexdef(indexrelid), indisvalid, indisready, indislive)
    from pg_index where indrelid in (select oid from relation)
    union all
    select format('routine %s owner %s acl %s', case when prokind = 'a' then p.oid::regprocedure::text
      else pg_get_functiondef(p.oid) end, proowner::regrole, acl.entries)
    from pg_proc as p
    left join lateral (select string_agg(x::text, ',' order by x::text) as entries from unnest(p.proacl) as x) as acl on true
    where pronamespace = 'talkme'::regnamespace
    union all
    select format('trigger %s enabled %s', pg_get_triggerdef(oid), tgenabled)
    from pg_trigger where tgrelid in (select oid from relation) and not tgisinternal
    union all
    select format('view %s %s', oid::regclass, pg_get_viewdef(oid)) from relation where relkind in ('v', 'm')
    union all
    select format('policy %s on %s permissive %s for %s to %s using %s check %s', polname, polrelid::regclass,
      polpermissive, polcmd, polroles::regrole[]::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
    from pg_policy where polrelid in (select oid from relation)
    union all
    select format('comment on %s: %s', pg_describe_object(classoid, objoid, objsubid), description)
    from pg_description
    where pg_describe_object(classoid, objoid, objsubid) like '%talkme%'
    union all
    select format('type %s %s', oid::regtype, typtype)
    from pg_type where typnamespace = 'talkme'::regnamespace and typtype in ('d', 'e', 'r', 'm')
    union all
    select format('default privileges %s', defaclacl) from pg_default_acl
    union all
    select format('role %s login %s inherit %s', rolname, rolcanlogin, rolinherit) from pg_roles where rolname ~ '^talkme_'
    union all
    select format('%s is a member of %s', member::regrole, roleid::regrole)
    from pg_auth_members where member::regrole::text ~ '^talkme_'
    union all
    select format('applied %s', name) from talkme.migration
    order by 1
  `.execute(db);
  return rows.map(({ fact }) => fact);
}
