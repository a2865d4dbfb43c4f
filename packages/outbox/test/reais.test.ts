import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { needDebianProgram } from "@talkme/test-debian/vitest";
import { createDatabase, startEmbeddedServer } from "@talkme/test-postgres";
import { expect, onTestFinished, test, vi, type TestContext } from "vitest";

import { migrate } from "../src/index.ts";
import { connect } from "./support/connect.ts";
import { TestOutbox } from "./support/outbox.ts";
import { Session, Shop, startShopServer } from "./support/shop.ts";

const amounts: readonly (readonly [string, string | null])[] = [
  ["1234.5", "R$ 1.234,50"],
  ["0", "R$ 0,00"],
  ["0.05", "R$ 0,05"],
  ["1", "R$ 1,00"],
  ["999.994", "R$ 999,99"],
  ["999.995", "R$ 1.000,00"],
  ["1000", "R$ 1.000,00"],
  ["123456789.1", "R$ 123.456.789,10"],
  ["12345678901234567890123.45", "R$ 12.345.678.901.234.567.890.123,45"],
  ["-1234.5", "-R$ 1.234,50"],
  ["-0.001", "R$ 0,00"],
  ["1e3", "R$ 1.000,00"],
  ["null", null],
];

/** A folder with the locale pt_BR for `LOCPATH`, made by Debian's localedef; skips the test without it. */
async function brazilianLocale(context: TestContext): Promise<string> {
  const localedef = await needDebianProgram(context, "libc-bin", "usr/bin/localedef");
  const path = "usr/share/i18n/locales/pt_BR";
  const source = existsSync(`/${path}`)
    ? `/${path}`
    : (await needDebianProgram(context, "locales", path)).path;
  const folder = mkdtempSync(join(tmpdir(), "talkme-locale-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  const env = { ...process.env, ...localedef.env, I18NPATH: join(source, "../..") };
  const made = join(folder, "pt_BR.UTF-8");
  execFileSync(localedef.path, ["--no-archive", "-i", "pt_BR", "-f", "UTF-8", made], { env, stdio: "pipe" });
  return folder;
}

test("talkme.reais writes an amount as Brazilians read it, under C and under pt_BR, where to_char does not", async (context) => {
  vi.stubEnv("LOCPATH", await brazilianLocale(context));
  onTestFinished(() => void vi.unstubAllEnvs());
  const server = await startEmbeddedServer({ inMemory: true });
  onTestFinished(() => server.remove());
  const database = await createDatabase(server.url);
  const db = connect(database.url);
  await migrate(db);
  await db.destroy();
  const session = await Session.open(database.url);
  const byToChar: unknown[] = [];
  for (const locale of ["C", "pt_BR.UTF-8"]) {
    await session.run(`set lc_numeric = '${locale}'; set lc_monetary = '${locale}'`);
    byToChar.push(await session.ask("select to_char(1234.5, 'FM999G990D00')"));
    const written: unknown[] = [];
    for (const [amount] of amounts)
      written.push([amount, await session.ask(`select talkme.reais(${amount})`)]);
    expect(written).toEqual(amounts);
    expect(await session.ask("select talkme.reais(1234.5::money::numeric)")).toBe("R$ 1.234,50");
  }
  // Else the second locale would not have been one.
  expect(byToChar).toEqual(["1,234.50", "1.234,50"]);
});

test("talkme.reais refuses what is no amount, and names it in the reader's language", async () => {
  const outbox = await TestOutbox.open();
  const session = await Session.open(outbox.url);
  for (const amount of ["NaN", "Infinity"])
    expect(await session.failure(`select talkme.reais('${amount}')`)).toMatchObject({
      code: "22003",
      message: `talkme.reais: ${amount} is not an amount of money`,
    });
  await session.run("set talkme.language = 'pt-BR'");
  expect((await session.failure("select talkme.reais('NaN')")).message).toContain(
    "não é um valor em dinheiro",
  );
  // An index or a generated column may use it.
  expect(
    await session.ask("select format('%s%s', provolatile, proparallel) from pg_proc where proname = 'reais'"),
  ).toBe("is");
});

test("a capture may write amounts by it, also where nobody who made the schema is a superuser", async () => {
  const shop = await Shop.open(await startShopServer(null));
  const maker = `${shop.ownerName}_maker`;
  await shop.admin.run(`
    create role ${maker};
    alter schema talkme owner to ${maker};
    alter function talkme.reais(numeric) owner to ${maker}`);
  onTestFinished(async () => {
    await shop.admin.run(`
      alter schema talkme owner to postgres;
      alter function talkme.reais(numeric) owner to postgres;
      drop role ${maker}`);
  });
  const map = { numero_dest: "phone", id_wpp: 7, "info_contato.geral1": "talkme.reais(total)" };
  await shop.owner.capture("app.orders", "status = 'shipped' and btrim(phone) <> ''", map);
  await shop.application.run(`
    insert into orders (id, status, phone, total) values
      (1, 'shipped', '11988887777', 1234.5), (2, 'shipped', null, 1), (3, 'shipped', ' ', 1), (4, 'shipped', '11988887778', null)`);
  expect((await shop.messages()).map((one) => one["info_contato"])).toEqual([
    { geral1: "R$ 1.234,50" },
    null,
  ]);
});
