import { readFile } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { fill } from "./support/data.ts";
import { people, type PersonName } from "./support/people.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  stage = await Stage.open({ onEnd: (end) => void ends.push(end) });
  await fill(stage);
});

afterAll(async () => {
  for (const end of ends) await end();
});

/** Answers: 200 shown, 303 done, 403 not for this role, 404 not there for this person, 409 the database refused with a reason. */
type Answers = Readonly<Record<PersonName, number>>;

function answers(operator: number, viewer: number, marketing: number, producer: number): Answers {
  return {
    "ana.lima": operator,
    "vera.reis": viewer,
    "malu.dias": marketing,
    "paulo.cruz": producer,
    "nadia.luz": 403,
  };
}

const pages: readonly (readonly [path: string, answers: Answers])[] = [
  ["/", answers(200, 200, 200, 200)],
  ["/campanhas", answers(200, 200, 200, 403)],
  ["/campanhas/123456", answers(200, 200, 200, 403)],
  ["/campanhas/999", answers(404, 404, 404, 403)],
  ["/listas", answers(200, 200, 200, 200)],
  ["/listas/1", answers(200, 200, 404, 404)],
  ["/desconhecidos", answers(200, 200, 200, 200)],
  ["/mensagens", answers(200, 200, 200, 200)],
  ["/mensagens/42", answers(200, 200, 200, 404)],
  ["/mensagens/405", answers(200, 200, 404, 404)],
  ["/pausas", answers(200, 200, 200, 200)],
  ["/auditoria", answers(200, 200, 403, 403)],
];

const actions: readonly (readonly [
  path: string,
  form: Readonly<Record<string, string>>,
  answers: Answers,
])[] = [
  ["/campanhas/777/pausar", { motivo: "teste" }, answers(303, 403, 409, 409)],
  ["/campanhas/777/retomar", {}, answers(303, 403, 409, 409)],
  ["/campanhas/2001/retomar", {}, answers(303, 403, 409, 409)],
  ["/pausas", { tipo: "all", motivo: "teste" }, answers(303, 403, 409, 409)],
  ["/pausas/retomar", { escopo: "all" }, answers(303, 403, 409, 409)],
  ["/listas/1/pausar", { motivo: "teste" }, answers(303, 403, 409, 409)],
  ["/listas/1/retomar", {}, answers(303, 403, 409, 409)],
  ["/desconhecidos/43", { decisao: "sent" }, answers(303, 403, 403, 403)],
  ["/desconhecidos/77", { decisao: "resend" }, answers(303, 403, 403, 403)],
  ["/mensagens/12/repetir", {}, answers(303, 403, 403, 403)],
  ["/mensagens/398/cancelar", {}, answers(303, 403, 409, 409)],
  ["/mensagens/42/revelar", { motivo: "teste" }, answers(200, 200, 403, 403)],
  ["/listas/1/cancelar", { motivo: "teste", contadas: "200", digitado: "200" }, answers(303, 403, 404, 404)],
];

/** Everything but the operator first: whoever may not must leave everything for the one who may. */
const names = ["nadia.luz", "paulo.cruz", "malu.dias", "vera.reis", "ana.lima"] as const;

test("every person of the tests is asked", () => {
  expect([...names].toSorted()).toEqual(Object.keys(people).toSorted());
});

describe.each(names)("%s", (name) => {
  test.each(pages)("sees a page or does not: %s", async (path, expected) => {
    const response = await stage.get(path, name);
    expect(response.status).toBe(expected[name]);
    const text = await response.text();
    // Numbers of the rows, their names and amounts: none of it is on any page.
    expect(text).not.toMatch(/88880\d{3}|77770\d{3}|Fulano de Tal|Beltrana/);
  });

  test.each(actions)("may do it or changes nothing: %s", async (path, form, expected) => {
    const before = await everything();
    const response = await stage.post(path, name, form);
    expect(response.status).toBe(expected[name]);
    const mayChange = response.status === 303 || response.status === 200;
    expect(mayChange ? before : await everything()).toEqual(before);
  });
});

/** What actions change. */
async function everything(): Promise<unknown> {
  return stage.sql(`
    select
      (select md5(string_agg(o::text, ',' order by id)) from talkme.outbox as o) as rows,
      (select md5(string_agg(p::text, ',' order by scope)) from talkme.paused as p) as paused,
      (select count(*) from talkme.audit) as audit
  `);
}

test("a member of talkme_marketing pauses a campaign that it was granted, and resumes its own pause alone", async () => {
  const path = "/campanhas/123456";
  expect((await stage.post(`${path}/pausar`, "malu.dias", { motivo: "preço errado" })).status).toBe(303);
  expect(await stage.ask("select paused_by from talkme.paused where scope = 'campaign:123456'")).toBe(
    "malu.dias",
  );
  expect((await stage.post(`${path}/retomar`, "malu.dias")).status).toBe(303);

  expect((await stage.post(`${path}/pausar`, "ana.lima", { motivo: "preço errado" })).status).toBe(303);
  const page = await (await stage.get(path, "malu.dias")).text();
  expect(page).toContain("Quem pausou foi ana.lima");
  expect(page).not.toContain("/retomar");
  const refused = await stage.post(`${path}/retomar`, "malu.dias");
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain("quem pausou campaign:123456 foi ana.lima");
});

test("what was revealed stands in the answer alone, and in the audit with name and reason", async () => {
  const response = await stage.post("/mensagens/44/revelar", "vera.reis", { motivo: "a pessoa ligou" });
  expect(await response.text()).toContain("11988880044");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const [entry] = await stage.sql(
    "select who, action, about, reason from talkme.audit order by id desc limit 1",
  );
  expect(entry).toEqual({ who: "vera.reis", action: "reveal", about: { id: 44 }, reason: "a pessoa ligou" });
  expect((await stage.post("/mensagens/44/revelar", "vera.reis", { motivo: "  " })).status).toBe(422);
  expect(stage.console.lines.join("\n")).not.toContain("88880044");
});

/** What the tests above ask of each row of the page's table. */
const documented: readonly (readonly [row: string, paths: readonly string[]])[] = [
  ["campaigns", ["/campanhas"]],
  ["audit", ["/auditoria"]],
  ["show whom a message is for", ["POST /mensagens/42/revelar"]],
  [
    "decide about unknown messages, send again",
    ["POST /desconhecidos/43", "POST /desconhecidos/77", "POST /mensagens/12/repetir"],
  ],
  ["messages, lists", ["/mensagens", "/listas"]],
  ["pause, resume", ["POST /campanhas/777/pausar", "POST /pausas", "POST /listas/1/pausar"]],
  ["cancel", ["POST /mensagens/398/cancelar", "POST /listas/1/cancelar"]],
];

test("docs/console.md says who may do what as the answers do: all of it, what is theirs, or nothing", async () => {
  const page = await readFile(new URL("../../../docs/console.md", import.meta.url), "utf8");
  const [, section = ""] = /^## Who may do what\n([^]*?)^## /m.exec(page) ?? [];
  const cells = section
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
  const [[, ...roles] = [], , ...rows] = cells;
  expect(new Set(rows.map(([row]) => row))).toEqual(new Set(documented.map(([row]) => row)));
  const asked = [
    ...pages.map(([path, expected]) => ({ path, expected })),
    ...actions.map(([path, , expected]) => ({ path: `POST ${path}`, expected })),
  ];
  for (const [row = "", ...said] of rows) {
    const paths = documented.find(([name]) => name === row)?.[1] ?? [];
    for (const [nth, role] of roles.entries()) {
      const person = names.find((name) => people[name] === role) ?? "nadia.luz";
      const answered = asked
        .filter(({ path }) => paths.includes(path))
        .map(({ expected }) => expected[person] < 400);
      const cell = said[nth] ?? "";
      const isWhole = cell === "all" || cell === "yes";
      // What is theirs: pages open, and actions on another's are refused.
      const expected = cell === "–" ? [false] : isWhole ? [true] : [true, false];
      expect([row, role, answered.length > 0, answered.every((one) => expected.includes(one))]).toEqual([
        row,
        role,
        true,
        true,
      ]);
    }
  }
});
