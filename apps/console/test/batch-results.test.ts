import { expect, test } from "vitest";

import { Stage } from "./support/stage.ts";

test("results of a list come as a CSV: whole numbers for operators and the producer whose list it is, noted in the audit; masked for others", async () => {
  const stage = await Stage.open();
  await stage.sql("select talkme.grant_campaign(1, 'malu.dias')");
  await stage.sql(
    "insert into talkme.batch (name, created_by) values ('lista', 'paulo.cruz'), ('time', 'malu.dias')",
  );
  await stage.sql(`insert into talkme.outbox (numero_dest, id_campanha, batch_id, metadata, created_by)
    values ('11988887771', 1, 1, '{"line": 2}', 'paulo.cruz'), ('21988887772', 1, 1, '{"line": 3}', 'paulo.cruz'),
      ('11988887773', 1, 2, null, 'malu.dias')`);
  await stage.sql(
    "update talkme.outbox set status = 'sent', finished_at = now(), reference = '=1+1' where id = 1",
  );

  const csv = async (list: number, person: Parameters<Stage["get"]>[1]) => {
    const response = await stage.get(`/listas/${list}/resultado.csv`, person);
    return { status: response.status, lines: (await response.text()).split("\r\n") };
  };
  for (const person of ["ana.lima", "paulo.cruz"] as const) {
    const [heading, first, second] = (await csv(1, person)).lines;
    expect(heading).toContain('"Linha";"Nº";"Para";"Situação"');
    expect(first).toMatch(/^"2";"1";"11988887771";"enviada";"";"[^"]+";"'=1\+1"$/);
    expect(second).toBe('"3";"2";"21988887772";"aguardando";"";"";""');
  }
  expect(
    await stage.sql("select who, rows::integer from talkme.audit where action = 'export_batch' order by id"),
  ).toEqual([
    { who: "ana.lima", rows: 2 },
    { who: "paulo.cruz", rows: 2 },
  ]);
  for (const [list, person] of [
    [1, "vera.reis"],
    [2, "malu.dias"],
  ] as const)
    expect((await csv(list, person)).lines.join(" ")).not.toMatch(/\d{9}/);
  expect((await csv(1, "malu.dias")).status).toBe(404);
  expect((await csv(2, "paulo.cruz")).status).toBe(404);
  expect((await csv(9, "ana.lima")).status).toBe(404);
  expect(await stage.ask("select count(*) from talkme.audit where action = 'export_batch'")).toBe("2");
});
