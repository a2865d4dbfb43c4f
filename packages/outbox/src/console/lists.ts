import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** How the lines of a list become messages; columns are counted from 1. */
export interface ListMessage {
  readonly account?: string;
  readonly id_campanha?: number;
  readonly id_wpp?: number;
  readonly send_at?: string;
  readonly columns: Readonly<Record<string, number>>;
}

/** A list that somebody brought in, as in `talkme.list`. */
export interface List {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly string[];
  /** Whether all of its lines have been read. */
  readonly complete: boolean;
  readonly message: ListMessage | null;
  /** Null: not checked since its last change. */
  readonly checkedAt: Date | null;
  /** Null: not sent. */
  readonly batchId: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  /** The batch as which the same file went to the same campaign before. */
  readonly sentBefore: string | null;
}

export interface ListCounts {
  readonly lines: number;
  readonly good: number;
  readonly bad: number;
  readonly leftOut: number;
}

export interface ListProblem {
  readonly code: string;
  readonly lines: number;
  readonly firstLine: number;
}

/** A line and one of its problems: a line with two comes twice, and a good one with nulls. */
export interface ListLine {
  readonly line: number;
  readonly cells: readonly string[];
  readonly leftOut: boolean;
  readonly code: string | null;
  readonly field: string | null;
  readonly message: string | null;
}

export interface ListPreview {
  readonly line: number;
  readonly numeroDest: string | null;
  readonly emailDest: string | null;
  readonly infoContato: Readonly<Record<string, string>> | null;
}

const columns = sql`
  l.id::text, l.name, l.columns, l.complete, l.message, l.checked_at as "checkedAt", l.batch_id::text as "batchId",
  l.created_by as "createdBy", l.created_at as "createdAt", (
    select max(o.batch_id)::text from talkme.list as o
    where o.content_hash = l.content_hash and o.message -> 'id_campanha' is not distinct from l.message -> 'id_campanha'
      and l.message is not null and o.id <> l.id
  ) as "sentBefore"
`;

export async function beginList(
  db: Kysely<OutboxDatabase>,
  list: { readonly name: string; readonly contentHash: string; readonly columns: readonly string[] },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select talkme.begin_list(${list.name}, ${list.contentHash}, ${[...list.columns]}::text[])::text as id
  `.execute(db);
  return first(rows).id;
}

export async function addLines(
  db: Kysely<OutboxDatabase>,
  id: string,
  lines: readonly { readonly line: number; readonly cells: readonly string[] }[],
): Promise<void> {
  const numbers = lines.map(({ line }) => line);
  const cells = JSON.stringify(lines.map((one) => one.cells));
  await sql`select talkme.add_lines(${id}, ${numbers}::integer[], ${cells}::jsonb)`.execute(db);
}

export async function endList(db: Kysely<OutboxDatabase>, id: string): Promise<void> {
  await sql`select talkme.end_list(${id})`.execute(db);
}

/** Null if there is none, or the person may not see it. */
export async function readList(db: Kysely<OutboxDatabase>, id: string): Promise<List | null> {
  const { rows } = await sql<List>`select ${columns} from talkme.list as l where l.id = ${id}`.execute(db);
  return rows[0] ?? null;
}

/** The latest lists that were not sent. */
export async function listUnsent(db: Kysely<OutboxDatabase>, limit: number): Promise<readonly List[]> {
  const { rows } = await sql<List>`
    select ${columns} from talkme.list as l where l.batch_id is null order by l.id desc limit ${limit}
  `.execute(db);
  return rows;
}

export async function mapList(db: Kysely<OutboxDatabase>, id: string, message: ListMessage): Promise<void> {
  await sql`select talkme.map_list(${id}, ${JSON.stringify(message)}::jsonb)`.execute(db);
}

/** Seconds, for a long list. */
export async function checkList(db: Kysely<OutboxDatabase>, id: string): Promise<void> {
  await sql`select from talkme.check_list(${id})`.execute(db);
}

export async function countList(db: Kysely<OutboxDatabase>, id: string): Promise<ListCounts> {
  const { rows } = await sql<ListCounts>`
    select lines::double precision, good::double precision, bad::double precision, left_out::double precision as "leftOut"
    from talkme.count_list(${id})
  `.execute(db);
  return first(rows);
}

export async function listProblems(db: Kysely<OutboxDatabase>, id: string): Promise<readonly ListProblem[]> {
  const { rows } = await sql<ListProblem>`
    select code, lines::double precision, first_line as "firstLine" from talkme.list_problems(${id})
  `.execute(db);
  return rows;
}

/** A page of lines, after the given one. */
export async function listLines(
  db: Kysely<OutboxDatabase>,
  id: string,
  { onlyBad, after, limit }: { readonly onlyBad: boolean; readonly after: number; readonly limit: number },
): Promise<readonly ListLine[]> {
  const { rows } = await sql<ListLine>`
    select line, cells, left_out as "leftOut", code, field, message
    from talkme.list_lines(${id}, ${onlyBad}, ${after}, ${limit})
  `.execute(db);
  return rows;
}

export async function previewList(db: Kysely<OutboxDatabase>, id: string): Promise<readonly ListPreview[]> {
  const { rows } = await sql<ListPreview>`
    select line, numero_dest as "numeroDest", email_dest as "emailDest", info_contato as "infoContato"
    from talkme.preview_list(${id})
  `.execute(db);
  return rows;
}

/** Writes the cells of a line, or takes it out of the list or back in. */
export async function correctLine(
  db: Kysely<OutboxDatabase>,
  id: string,
  line: number,
  change: { readonly cells?: readonly string[]; readonly leftOut?: boolean },
): Promise<void> {
  const cells = change.cells === undefined ? null : [...change.cells];
  await sql`
    select talkme.correct_line(${id}, ${line}, ${cells}::text[], ${change.leftOut ?? null}::boolean)
  `.execute(db);
}

/** Puts the good lines into the outbox; returns the number of their batch. */
export async function sendList(
  db: Kysely<OutboxDatabase>,
  id: string,
  { confirmed, name, again }: { readonly confirmed: number; readonly name: string; readonly again: boolean },
): Promise<string> {
  const { rows } = await sql<{ batch: string }>`
    select talkme.send_list(${id}, ${confirmed}, ${name}, ${again})::text as batch
  `.execute(db);
  return first(rows).batch;
}

export async function dropList(db: Kysely<OutboxDatabase>, id: string): Promise<void> {
  await sql`select talkme.drop_list(${id})`.execute(db);
}

function first<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error("PostgreSQL answered with no row.");
  return row;
}
