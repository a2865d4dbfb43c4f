import { describe, expect, test } from "vitest";

import { reportOf as reportOfCheck, type Report } from "./support/check.ts";
import { runHere } from "./support/run-here.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor } from "./support/syncd.ts";

const languages = ["en", "pt-BR"];

async function statusOf(stage: Stage, ...args: readonly string[]): Promise<string> {
  const { out, err } = await runHere(["status", ...args], { TALKME_DATABASE_URL: stage.databaseUrl });
  return out + err;
}

/** With each run of blanks as one: where a sentence is wrapped does not matter. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

async function reportOf(stage: Stage): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await statusOf(stage, "--json", "--lang", "pt-BR"));
}

/** Rows of a campaign, in a batch, to numbers of their own. */
async function insertRows(stage: Stage, campaign: number, batch: string, count: number, at = "now()") {
  await stage.sql(`
    insert into talkme.outbox (numero_dest, id_campanha, batch_id, send_at)
    select '119' || (70000000 + ${campaign} * 1000 + i), ${campaign}, ${batch}, ${at} from generate_series(1, ${count}) as i`);
}

describe("syncd status", () => {
  test("shows each campaign and batch: sent, due, later, held, failed, perhaps sent, rate and end", async () => {
    const stage = await Stage.open();
    await stage.sql(
      "insert into talkme.campaign (id_campanha, name, rate_per_second) values (1, 'Natal', 1000), (2, 'Pesquisa', 1)",
    );
    await stage.sql("insert into talkme.batch (name) values ('clientes ouro')");
    stage.faults({ match: { numeroEndsWith: "1001" }, do: { kind: "status", status: 500 } });
    await insertRows(stage, 1, "1", 30);
    await insertRows(stage, 1, "1", 40, "now() + interval '26 hours'");
    await stage.sql(
      "insert into talkme.outbox (numero_dest, id_campanha, batch_id) values ('+51912345678', 1, 1)",
    );
    const syncd = stage.run();
    await syncd.logged("may have been sent");
    await expect.poll(() => stage.count("status = 'sent'")).toBe(29);
    await stage.sql("select talkme.pause('campaign:2', 'texto errado')");
    await insertRows(stage, 2, "null", 20);

    const { campaigns, batches } = await reportOf(stage);
    const progress = {
      sent: 29,
      due: 0,
      pending: 40,
      failed: 1,
      unknown: 1,
      ratePerSecond: expect.any(Number),
    };
    expect(campaigns).toMatchObject([
      { idCampanha: "1", name: "Natal", ...progress, expectedEndSeconds: expect.any(Number) },
      { idCampanha: "2", due: 20, sent: 0, paused: true, expectedEndSeconds: null },
    ]);
    expect(batches).toMatchObject([{ id: "1", name: "clientes ouro", ...progress }]);

    const english = await statusOf(stage, "--lang", "en");
    expect(english).toMatch(/campaign +sent +due +later +failed +maybe +per s +ends\n/);
    expect(english).toMatch(/1 Natal +29 +0 +40 +1 +1 +[\d.]+ +\w{3} \d\d:\d\d\n/);
    expect(english).toMatch(/2 Pesquisa +0 +20 +paused\n/);
    expect(english).toMatch(/batch +sent .*\n.*\n1 clientes ouro +29 /);
    expect(flat(english)).toContain("1 row may have been sent");
    expect(english).toMatch(/may have been sent +code.*\n.*\nunknown +server_error +1 /);
    expect(english).toMatch(/not sent +code.*\n.*\nfailed +ambiguous_phone +1 /);
    const portuguese = await statusOf(stage, "--lang", "pt-BR");
    expect(portuguese).toMatch(/campanha +enviadas +na vez +depois +falhas +talvez +por s +termina\n/);
    expect(portuguese).toMatch(/2 Pesquisa +0 +20 +em pausa\n/);
    expect(flat(portuguese)).toContain("1 linha talvez tenha sido enviada");
    expect(flat(portuguese)).toMatch(/campaign:2 está em pausa há \d+ s, por postgres: texto errado\./);
    for (const shown of [english, portuguese])
      expect(Math.max(...shown.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test.each(languages)(
    "of very many things lists some, adds up the rest, and fits 80 columns (%s)",
    async (language) => {
      const stage = await Stage.open();
      await stage.sql(`
      insert into talkme.campaign (id_campanha, name)
      select i, 'Campanha de fim de ano, número ' || i from generate_series(1, 40) as i`);
      await stage.sql(
        "insert into talkme.batch (name) select 'lista ' || i from generate_series(1, 30) as i",
      );
      await stage.sql(`
      insert into talkme.outbox (numero_dest, id_campanha, batch_id)
      select '119' || (70000000 + i), 1 + i % 40, 1 + i % 30 from generate_series(1, 2400) as i`);
      await stage.sql(`
      select talkme.pause('campaign:' || i, 'por ordem da diretoria, até que o texto novo esteja aprovado pela Meta')
      from generate_series(1, 30) as i`);
      const report = await reportOf(stage);
      expect(report["campaigns"]).toHaveLength(12);
      expect(report["other_campaigns"]).toMatchObject({ campaigns: 28, pending: 28 * 60 });
      expect(report["batches"]).toHaveLength(8);
      expect(report["other_batches"]).toEqual({ batches: 22, pending: 22 * 80 });
      const lines = (await statusOf(stage, "--lang", language)).split("\n");
      expect(lines.length).toBeLessThan(80);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(lines.some((line) => /^28 (?:others|outras) /.test(line))).toBe(true);
    },
  );

  test.each([
    ["an instance waits for a standby", "en", /^Nothing is sent: claims wait for a standby/],
    ["an instance waits for a standby", "pt-BR", /^Nada é enviado: cada envio espera a confirmação/],
  ])("says first that %s, and none is named (%s)", async (_what, language, first) => {
    const stage = await Stage.open();
    expect((await reportOf(stage))["waits_for_standby"]).toBeNull();
    await stage.sql(
      "insert into talkme.instance (name, version, host, pid, lease_seconds, durability) values ('a', '1', 'h', 1, 60, 'standby')",
    );
    expect((await reportOf(stage))["waits_for_standby"]).toBe("");
    expect(await statusOf(stage, "--lang", language)).toMatch(first);
  });

  test("says first that the database is not the one of the marks, in the language of the reader", async () => {
    const stage = await Stage.open();
    await stage.sql("select talkme.check_history('local')");
    await stage.sql("update talkme.history set timeline = '000000AA', system_identifier = 1");
    expect((await reportOf(stage))["history"]).toMatch(/^Nothing is sent: this is not the database/);
    expect(flat(await statusOf(stage, "--lang", "en"))).toMatch(/^Nothing is sent: this is not the database/);
    const portuguese = flat(await statusOf(stage, "--lang", "pt-BR"));
    expect(portuguese).not.toContain("Nothing is sent");
    expect(portuguese).toMatch(/^Nada sai: este não é o banco/);
  });

  test("names a closed sending window, with the time at which it opens", async () => {
    const stage = await Stage.open();
    // Open for a minute a week, four days from now.
    const [window] = await stage.sql(
      "select lower(to_char(now() at time zone 'America/Sao_Paulo' + interval '4 days', 'dy')) || ' 3:00-3:01' as text",
    );
    await stage.sql(
      `insert into talkme.campaign (id_campanha, name, sending_window) values (1, 'Natal', '${String(window?.["text"])}')`,
    );
    await insertRows(stage, 1, "null", 3);
    const english = await statusOf(stage, "--lang", "en");
    expect(flat(english)).toContain("1 campaign or channel waits for the sending window.");
    expect(english).toMatch(/1 Natal +0 +3 +opens \w{3} 0\d:\d\d\n/);
    expect(await statusOf(stage, "--lang", "pt-BR")).toMatch(/1 Natal +0 +3 +abre \S{3} 0\d:\d\d\n/);
  });
});

test("every finding of check is in Portuguese where somebody asks for it, and --json stays English", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    insert into talkme.campaign (id_campanha, name, active) values (1, 'Natal', true);
    insert into talkme.outbox (numero_dest, id_campanha, account) values ('11988887777', 1, 'vendas');
    insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1);
    update talkme.campaign set active = false;
    insert into talkme.lane (lane, account, not_founds, quiet_until)
    values ('default/1/-', 'default', 3, now() + interval '1 hour');
    select talkme.pause('campaign:9', 'texto errado');
    update talkme.paused set paused_at = now() - interval '3 days';
    insert into talkme.instance (name, version, host, pid, lease_seconds, heartbeat_at)
    values ('a', '1', 'h', 1, 3, now() - interval '1 hour');
    alter table talkme.outbox disable trigger check_outbox`);
  const environment = {
    ...environmentFor(stage.databaseUrl, "http://127.0.0.1:1"),
    TALKME_ON_UNKNOWN: "resend",
    TALKME_TPYO: "1",
    TALKME_DRAIN_TIMEOUT_MS: "1",
    TALKME_HTTP_PORT: "0",
    LANG: "pt_BR.UTF-8",
  };
  const json = await runHere(["check", "--json"], environment);
  const { out } = await runHere(["check"], environment);
  const report: Report = reportOfCheck(json);
  expect(report.findings.length).toBeGreaterThan(20);
  // What both languages have as it is: SQL, and words of the server.
  const same = report.findings
    .flatMap(({ detail, remedy = "" }) => `${detail}\n${remedy}`.trim().split("\n"))
    .filter((sentence) => out.includes(sentence) && !/^\s*(?:alter|select) .*;$/.test(sentence));
  expect(same).toEqual([]);
  for (const sentence of [
    "aviso     configuração: TALKME_TPYO: o syncd não conhece e não usa.",
    "problema  gatilhos: check_outbox de talkme.outbox está desativado",
    "contas: há linhas à espera de contas que não estão configuradas aqui: vendas.",
    "campanhas: a campanha 1 da conta default não está ativa, e as linhas dela esperam.",
    "pausas: campaign:9 está em pausa há 3 dias, por postgres: texto errado.",
    "instâncias: nenhuma instância ativa: a última deu sinal há 60 min e não se despediu.",
    "API da conta default: não foi possível chegar a http://127.0.0.1:1: ECONNREFUSED.",
    "syncd run não funcionaria. Avisos: ",
  ])
    expect(out).toContain(sentence);
});

describe("the language", () => {
  const environment = { TALKME_DATABASE_URL: "postgresql://nobody@127.0.0.1:1/app" };

  test("of help, usage and errors is the option's, or else the environment's", async () => {
    const help = async (args: readonly string[], more = {}): Promise<string> => {
      const { out, err } = await runHere(args, { ...environment, ...more });
      return out + err;
    };
    expect(await help(["--help"])).toMatch(/^Usage: [^]*Commands:[^]*send rows until stopped/);
    for (const text of [
      await help(["--lang", "pt-BR", "--help"]),
      await help(["--help", "--lang=pt_BR"]),
      await help(["--help"], { LC_MESSAGES: "pt_BR.UTF-8", LANG: "en_US.UTF-8" }),
    ])
      expect(text).toMatch(/^Uso: [^]*Comandos:[^]*cria ou atualiza o esquema talkme/);
    expect(await help(["check", "--help"], { LANG: "pt_BR.UTF-8" })).toMatch(
      /^Uso: [^]*Opções:[^]*--snapshot[^]*padrão: 3600/,
    );
    expect(await help(["status", "--wacht", "--lang", "pt-BR"])).toMatch(
      /^erro: não existe a opção '--wacht'/,
    );
    expect(await runHere(["--lang", "fr", "status"], environment)).toMatchObject({ code: 2 });
    expect(await help(["status"], { LANG: "pt_BR.UTF-8" })).toMatch(
      /^syncd: Não foi possível chegar ao banco 127\.0\.0\.1:1\/app/,
    );
  });
});
