import { expect, test } from "vitest";

import type { PersonName } from "./support/people.ts";
import { Stage } from "./support/stage.ts";

const good = "Celular;Nome;Valor\n(11) 98888-7771;João;R$ 10,00\n21988887772;Conceição;R$ 1.234,50\n";
const bad = `${good}20988887773;Caio;=1+1\n11988887771;João;R$ 10,00\n`;

async function bringIn(
  stage: Stage,
  person: PersonName,
  content: string | Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const body = new FormData();
  body.set("arquivo", new Blob([content]), "clientes.csv");
  return fetch(`${stage.console.url}/enviar`, {
    method: "POST",
    headers: { "x-forwarded-user": person, origin: stage.console.url },
    body,
    redirect: "manual",
  });
}

/** Brings in a file and waits until it was read and checked; returns the path of its page. */
async function checked(stage: Stage, person: PersonName, content: string): Promise<string> {
  const path = (await bringIn(stage, person, content)).headers.get("location") ?? "";
  await expect.poll(async () => (await stage.get(path, person)).text()).toContain('name="coluna1"');
  await stage.post(`${path}/conferir`, person, {
    coluna1: "numero_dest",
    coluna2: "nome",
    coluna3: "geral1",
    campanha: "123456",
  });
  await expect.poll(async () => (await stage.get(path, person)).text()).toContain("As primeiras mensagens");
  return path;
}

test.each(["ana.lima", "malu.dias", "paulo.cruz"] as const)(
  "a file becomes one batch of its good lines, once it was confirmed: %s",
  async (person) => {
    const stage = await Stage.open();
    await stage.sql("select talkme.grant_campaign(123456, 'malu.dias')");
    const path = await checked(stage, person, bad);
    const page = await (await stage.get(path, person)).text();
    expect(page).toContain("DDD 20");
    expect(page).toContain("Enviar 2 mensagens");
    expect(await stage.ask("select count(*) from talkme.outbox")).toBe("0");

    await stage.post(`${path}/confirmar`, person, { contadas: "2", digitado: "2", nome: "Natal" });
    await expect.poll(() => stage.ask("select count(*) from talkme.outbox")).toBe("2");
    expect(await stage.sql("select name, created_by, expected_rows from talkme.batch")).toEqual([
      { name: "Natal", created_by: person, expected_rows: 2 },
    ]);
    expect(await (await stage.get(path, person)).text()).toContain("/listas/1");
  },
);

test("nothing goes out with a count that is not the list's, nor the same file twice without saying so", async () => {
  const stage = await Stage.open();
  const path = await checked(stage, "ana.lima", good);
  const wrong = await stage.post(`${path}/confirmar`, "ana.lima", {
    contadas: "2",
    digitado: "3",
    nome: "x",
  });
  expect(wrong.status).toBe(422);
  await stage.post(`${path}/confirmar`, "ana.lima", { contadas: "3", digitado: "3", nome: "x" });
  await expect.poll(async () => (await stage.get(path, "ana.lima")).text()).toContain("foram confirmadas");
  expect(await stage.ask("select count(*) from talkme.outbox")).toBe("0");
  await stage.post(`${path}/confirmar`, "ana.lima", { contadas: "2", digitado: "2", nome: "x" });
  await expect.poll(() => stage.ask("select count(*) from talkme.outbox")).toBe("2");

  const second = await checked(stage, "ana.lima", good);
  expect(await (await stage.get(second, "ana.lima")).text()).toContain(
    "já foi enviado para esta campanha (lista 1)",
  );
  await stage.post(`${second}/confirmar`, "ana.lima", { contadas: "2", digitado: "2", nome: "x" });
  await expect.poll(async () => (await stage.get(second, "ana.lima")).text()).toContain("já foi enviado");
  expect(await stage.ask("select count(*) from talkme.outbox")).toBe("2");
});

test("a bad line is corrected or left out in the page, and the list has to be checked again", async () => {
  const stage = await Stage.open();
  const path = await checked(stage, "ana.lima", bad);
  await stage.post(`${path}/linhas/4`, "ana.lima", {
    feito: "gravar",
    celula1: "21988887773",
    celula2: "Caio",
    celula3: "",
  });
  await stage.post(`${path}/linhas/5`, "ana.lima", { feito: "tirar" });
  expect(await (await stage.get(path, "ana.lima")).text()).toContain("A lista mudou");
  await stage.post(`${path}/conferir`, "ana.lima", {
    coluna1: "numero_dest",
    coluna2: "nome",
    coluna3: "geral1",
    campanha: "123456",
  });
  await expect.poll(async () => (await stage.get(path, "ana.lima")).text()).toContain("Enviar 3 mensagens");
});

test("bad lines come as a CSV with their reasons, and no formula of theirs runs", async () => {
  const stage = await Stage.open();
  const path = await checked(stage, "ana.lima", bad);
  const csv = await (await stage.get(`${path}/problemas.csv`, "ana.lima")).text();
  expect(csv).toContain('"Linha";"Motivo";"Celular";"Nome";"Valor"');
  expect(csv).toMatch(/"4";"[^"]*DDD 20[^"]*";"20988887773";"Caio";"'=1\+1"\r\n/);
});

test.each([
  ["an empty one", "", "o arquivo está vazio"],
  ["a workbook", "PK\u0003\u0004", "Salvar como"],
  ["no file", null, "nenhum arquivo"],
])(
  "a file that is no list is refused with what to do, and nothing is kept of it: %s",
  async (_, content, said) => {
    const stage = await Stage.open();
    const response =
      content === null
        ? await stage.post("/enviar", "ana.lima", {})
        : await bringIn(stage, "ana.lima", content);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain(said);
    expect(await stage.ask("select count(*) from talkme.list")).toBe("0");
  },
);

test("a file whose fault comes late leaves no list, and its page says which line", async () => {
  const stage = await Stage.open();
  const response = await bringIn(stage, "ana.lima", `${good}1;2;3;4\n`);
  const path = response.headers.get("location") ?? "";
  await expect.poll(async () => (await stage.get(path, "ana.lima")).text()).toContain("Linha 4");
  expect(await stage.ask("select count(*) from talkme.list")).toBe("0");
});

test("a list is its owner's: who is nobody, who only looks and another producer can do nothing with it", async () => {
  const stage = await Stage.open();
  const path = await checked(stage, "ana.lima", good);
  expect((await bringIn(stage, "nadia.luz", good)).status).toBe(403);
  expect((await bringIn(stage, "vera.reis", good)).status).toBe(403);
  for (const person of ["paulo.cruz", "malu.dias"] as const) {
    expect((await stage.get(path, person)).status).toBe(404);
    expect((await stage.get(`${path}/problemas.csv`, person)).status).toBe(404);
    for (const [action, form] of [
      ["conferir", { coluna1: "numero_dest", campanha: "1" }],
      ["confirmar", { contadas: "2", digitado: "2", nome: "x" }],
      ["linhas/2", { feito: "tirar" }],
      ["apagar", {}],
    ] as const)
      expect((await stage.post(`${path}/${action}`, person, form)).status).toBe(409);
  }
  expect(await stage.ask("select count(*) from talkme.outbox")).toBe("0");
});

test("many people who act on lists at once do not wait for one another's connections", async () => {
  const stage = await Stage.open();
  const path = await checked(stage, "ana.lima", good);
  const answers = await Promise.all(
    Array.from({ length: 24 }, () =>
      stage.post(`${path}/conferir`, "ana.lima", {
        coluna1: "numero_dest",
        coluna2: "nome",
        campanha: "123456",
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 303));
});
