import { infoContatoSchema } from "@talkme/core";
import * as fc from "fast-check";
import { sql } from "kysely";
import { expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";

const names = [
  ..."nome geral1 documento email endereco endereço pais país telefone1".split(" "),
  "endere\u0063\u0327o",
  "pa\u0069\u0301s",
  "geral6",
  "Nome",
  "nome ",
  "",
  "constructor",
  "toString",
  "nóme",
];
const pieces = [
  ..."Fulano|R$ 10,00|é|👍|a    b|a     b|\\|\"|/|'|{nome}|\u0000|\u0001|\u001f|\u007f|\u0080|\u0085|\u009f|\n|\r|\t".split(
    "|",
  ),
  ..." |  |\u00a0|\u00ad|\u034f|\u115f|\u1680|\u180e|\u2000|\u200b|\u200d|\u2028|\u2029|\u202e|\u2060|\u2800|\u3000|\u3164".split(
    "|",
  ),
  "\ufe0f",
  "\ufeff",
  "\uffa0",
  "\ufff9",
  "\u{1d173}",
  "\u{e0020}",
  "\ud800",
  "\udc00",
  "x".repeat(512),
  "👍".repeat(300),
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 3 }).map((parts) => parts.join(""));
const value = fc.oneof(
  { weight: 30, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 2, arbitrary: fc.constantFrom(["a"], [], [[]], {}, { a: "b" }, null, 1, true) },
);
const variables = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names.slice(0, 11)) }, fc.constantFrom(...names)),
      value,
    ),
    { maxLength: 4 },
  )
  .map((entries): unknown => Object.fromEntries(entries));
const anything = fc.oneof({ weight: 40, arbitrary: variables }, fc.jsonValue());

/** Creates a temporary function that checks variables like the insert: the refusing constraint, or what is kept. */
const judge = `
  create function pg_temp.judge(given text, out kept jsonb, out refused text) language plpgsql as $$
  declare
    info jsonb;
  begin
    info := given::jsonb;
    if not talkme.is_plain_info_contato(info) then
      info := talkme.plain_info_contato(info);
      select complaint into refused from talkme.info_contato_problems(info) limit 1;
      if refused is not null then
        return;
      end if;
    end if;
    select jsonb_object_agg(key, v) into kept
    from jsonb_each(info) as e (key, v)
    where not talkme.is_blank(v #>> '{}');
    kept := coalesce(kept, '{}');
  exception when check_violation or data_exception then
    refused := sqlerrm;
  end $$`;

function clientKeeps(given: unknown): unknown {
  const { data } = infoContatoSchema.safeParse(given);
  if (data === undefined) return null;
  const tooLong = Object.values(Object(given)).some((one) => Array.from(String(one)).length > 1024);
  return tooLong ? null : data;
}

test("the insert and the client accept, refuse and keep the same of 20,000 variables", async () => {
  const outbox = await TestOutbox.open();
  const sample = fc.sample(anything, { numRuns: 20_000, seed: 14 }).map((one) => JSON.stringify(one));
  const { rows } = await outbox.db.connection().execute(async (db) => {
    await sql.raw(judge).execute(db);
    return sql<{ given: string; kept: unknown; refused: string | null }>`
      select given, j.kept, j.refused from unnest(${sample}::text[]) as given cross join lateral pg_temp.judge(given) as j
    `.execute(db);
  });
  const differences = rows.filter(({ given, kept }) => {
    const client = clientKeeps(JSON.parse(given));
    return client === null ? kept !== null : !isSame(client, kept);
  });
  expect(differences.slice(0, 20)).toEqual([]);
  expect(rows.filter(({ refused }) => refused === null).length).toBeGreaterThan(4000);
  expect(rows.filter(({ refused }) => refused !== null).length).toBeGreaterThan(4000);
});

function isSame(one: unknown, other: unknown): boolean {
  return sorted(one) === sorted(other);
}

function sorted(object: unknown): string {
  return JSON.stringify(Object.entries(Object(object)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const refusals = [
  [`{"geral3": ["a"]}`, "info_contato.geral3 is a JSON array, not a string"],
  [`{"geral3": []}`, "info_contato.geral3 is a JSON array, not a string"],
  [`{"geral3": {"a": "b"}}`, "info_contato.geral3 is a JSON object, not a string"],
  [`{"geral3": null}`, "info_contato.geral3 is a JSON null, not a string"],
  [`{"geral3": true}`, "info_contato.geral3 is a JSON boolean, not a string"],
  [`{"geral3": "a\\u2028b"}`, "info_contato.geral3 contains a line separator"],
  [`{"geral3": "a\\u2029b"}`, "info_contato.geral3 contains a line separator"],
  [`{"geral3": "a\\u0085b"}`, "info_contato.geral3 contains a control character"],
  [`{"geral3": "\\u009f"}`, "info_contato.geral3 contains a control character"],
  [
    `{"ender\\u0065c\\u0327o": "A", "endereco": "B"}`,
    "info_contato has both endereco and endereço, with different values",
  ],
] as const;

test.each(refusals)("a variable that could not be sent is refused by name: %s", async (info, message) => {
  const outbox = await TestOutbox.open();
  const insert = outbox.insert(
    "numero_dest, id_campanha, info_contato",
    `values ('11988887777', 1, '${info}')`,
  );
  await expect(insert).rejects.toMatchObject({ code: "23514", message });
});

test("names of variables are the same in both Unicode normal forms", async () => {
  const outbox = await TestOutbox.open();
  const info = `{"endere\u0063\u0327o": "Rua A", "pa\u0069\u0301s": "BR"}`;
  const [id = ""] = await outbox.insert(
    "numero_dest, id_campanha, info_contato",
    `values ('11988887777', 1, '${info}')`,
  );
  expect(await outbox.row(id)).toMatchObject({ info_contato: { endereco: "Rua A", pais: "BR" } });
});
