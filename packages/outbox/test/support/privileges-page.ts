import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../../src/index.ts";

const roles = [
  "talkme_producer",
  "talkme_viewer",
  "talkme_operator",
  "talkme_marketing",
  "talkme_daemon",
  "talkme_console",
] as const;
const begin = "<!-- made of the catalogs by: pnpm docs:privileges -->";
const end = "<!-- end of what is made -->";

/** The page of privileges, made from the catalogs of a migrated database. */
export async function withPrivileges(page: string, db: Kysely<OutboxDatabase>): Promise<string> {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`The page has no ${begin} and ${end}.`);
  const head = roles.map((role) => `\`${role}\``);
  const parts = [
    "## Tables, views and sequences",
    table([["relation", ...head], ...(await relations(db))]),
    "## Functions",
    table([["function", "may be called by", "runs with the rights of"], ...(await functions(db))]),
  ];
  return `${page.slice(0, from)}${begin}\n\n${parts.join("\n\n")}\n\n${page.slice(to)}`;
}

/** Months of talkme.attempt come and go: {@link monthsWithPrivileges}. */
async function relations(db: Kysely<OutboxDatabase>): Promise<readonly (readonly string[])[]> {
  const { rows } = await sql<{ relation: string; cells: readonly string[] }>`
    select c.relname as relation, array_agg(coalesce(may.cell, '-') order by r.place) as cells
    from pg_class as c
    cross join unnest(${roles}::text[]) with ordinality as r (role, place)
    cross join lateral (
      select string_agg(cell, '; ' order by place) as cell
      from (
        select place, case
          when c.relkind = 'S' then case
            when p.privilege in ('select', 'update') and has_sequence_privilege(r.role, c.oid, p.privilege) then p.privilege
          end
          when has_table_privilege(r.role, c.oid, p.privilege) then p.privilege
          when p.privilege in ('select', 'insert', 'update', 'references') then (
            select p.privilege || ' of ' || string_agg(a.attname, ', ' order by a.attnum)
            from pg_attribute as a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              and has_column_privilege(r.role, c.oid, a.attnum, p.privilege)
          )
        end as cell
        from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
          with ordinality as p (privilege, place)
        union all
        select 8, 'usage' where c.relkind = 'S' and has_sequence_privilege(r.role, c.oid, 'usage')
      ) as held (place, cell)
    ) as may
    where c.relnamespace = 'talkme'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      and c.relname !~ '^attempt_[0-9]{4}_[0-9]{2}$'
    group by c.relname order by c.relname collate "C"
  `.execute(db);
  return rows.map(({ relation, cells }) => [`\`${relation}\``].concat(cells));
}

async function functions(db: Kysely<OutboxDatabase>): Promise<readonly (readonly string[])[]> {
  const { rows } = await sql<{ name: string; callers: string; rights: string }>`
    select
      p.proname as name,
      case
        when has_function_privilege('public', p.oid, 'execute') then 'everybody'
        else coalesce((
          select string_agg(substr(r.role, 8), ', ' order by r.place)
          from unnest(${roles}::text[]) with ordinality as r (role, place)
          where has_function_privilege(r.role, p.oid, 'execute')
        ), '-')
      end as callers,
      case when p.prosecdef then 'the owner' else 'the caller' end as rights
    from pg_proc as p
    where p.pronamespace = 'talkme'::regnamespace
    order by p.proname collate "C", p.oid::regprocedure::text collate "C"
  `.execute(db);
  return rows.map(({ name, callers, rights }) => [`\`${name}\``, callers, rights]);
}

/** The monthly partitions of talkme.attempt on which any role has any privilege: all is granted on talkme.attempt itself. */
export async function monthsWithPrivileges(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  const { rows } = await sql<{ relname: string }>`
    select c.relname
    from pg_class as c cross join lateral aclexplode(c.relacl) as a
    where c.relnamespace = 'talkme'::regnamespace and c.relispartition and a.grantee <> c.relowner
  `.execute(db);
  return rows.map(({ relname }) => relname);
}

/** Formats as the formatter does, so that it has nothing to change. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  const [head = [], ...body] = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)));
  return [head, widths.map((width) => "-".repeat(width)), ...body]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
