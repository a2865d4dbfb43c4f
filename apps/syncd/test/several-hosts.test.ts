import { pbkdf2 } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

import { findFreePort } from "@talkme/test-postgres";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import { Database } from "../src/database/database.ts";
import { DatabaseClient } from "../src/database/database-client.ts";
import { check, fine } from "./support/check.ts";
import { OwnServer, readiness, sentOnce } from "./support/own-server.ts";
import { environmentFor } from "./support/syncd.ts";

/** A cluster: a primary and a standby, whose ports may be listed in one URL. */
async function openPair() {
  const server = await OwnServer.open();
  await server.postgres.stop("fast");
  const standby = await server.postgres.startStandby();
  await server.postgres.start();
  return { server, primary: hostOf(server.url), standby: hostOf(standby.url) };
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function listed(hosts: readonly string[], query = ""): string {
  return `postgresql://postgres:postgres@${hosts.join(",")}/postgres${query}`;
}

/** A host that takes connections and says nothing, as a frozen server does, unless it is told what to say. */
async function frozenHost(onConnection: (socket: Socket) => void = () => {}): Promise<string> {
  const server = createServer(onConnection).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The host does not listen.");
  return `127.0.0.1:${address.port}`;
}

/** A host that asks for a proof of the password just before it is given up, while this process is too busy to compute one. */
async function demandingHost(askAfterMs: number): Promise<string> {
  return frozenHost((socket) => {
    const ask = (code: number, text: string): void => {
      const body = Buffer.concat([Buffer.from([0, 0, 0, code]), Buffer.from(text)]);
      const head = Buffer.from([0x52, 0, 0, 0, body.length + 4]);
      socket.write(Buffer.concat([head, body]));
    };
    socket.on("error", () => "It was given up.");
    socket.once("data", () => {
      ask(10, "SCRAM-SHA-256\0\0");
      socket.once("data", (answer) => {
        const nonce = /r=([^,]+)$/.exec(String(answer))?.[1] ?? "";
        setTimeout(() => {
          for (let job = 0; job < 8; job += 1) pbkdf2("password", "salt", 1_000_000, 32, "sha256", () => {});
          ask(11, `r=${nonce}more,s=c2FsdHNhbHQ=,i=4096`);
        }, askAfterMs);
      });
    });
  });
}

async function connectTo(url: string, timeoutMs = 5000): Promise<DatabaseClient> {
  const client = new DatabaseClient({ connectionString: url, connectionTimeoutMillis: timeoutMs });
  client.on("error", () => "The query fails with it.");
  onTestFinished(() => client.end().catch(() => {}));
  await client.connect();
  return client;
}

test("a host that is given up while the proof of the password is computed does not disturb the next one", async () => {
  const { primary } = await openPair();
  const timeoutMs = 20_000;
  const demanding = await demandingHost(0.95 * (timeoutMs / 10) - 100);

  const client = await connectTo(
    listed([demanding, primary], "?target_session_attrs=read-write&connect_timeout=2"),
    timeoutMs,
  );
  expect(`${client.host}:${client.port}`).toBe(primary);
  expect(client.passed.map(({ error }) => error.message)).toEqual([
    expect.stringMatching(/^no answer within/),
  ]);
});

test("the primary is found behind hosts that are away, frozen or a standby, whatever their order; check names it", async () => {
  const { server, primary, standby } = await openPair();
  const away = `127.0.0.1:${await findFreePort()}`;
  const frozen = await frozenHost();
  for (const hosts of [
    [away, standby, primary],
    [frozen, primary],
    [primary, frozen],
  ]) {
    // A list of its own each time: nothing is known of where it led before.
    const client = await connectTo(listed(hosts, `?application_name=${hosts.join()}`), 3000);
    expect(`${client.host}:${client.port}`).toBe(primary);
    const { rows } = await client.query<{ one: number }>("select 1 as one");
    expect(rows).toEqual([{ one: 1 }]);
    expect(client.passed.map(({ host }) => `${host.host}:${host.port}`)).toEqual(
      hosts.slice(0, hosts.indexOf(primary)),
    );
  }
  const any = await connectTo(listed([standby, primary], "?target_session_attrs=any"));
  expect(`${any.host}:${any.port}`).toBe(standby);
  const settings = environmentFor(listed([standby, primary]), "http://127.0.0.1:9");
  expect(fine(await check(settings), "hosts").join()).toMatch(
    new RegExp(`^connected to ${primary}: ${standby} is a standby; ${primary} takes writes`),
  );

  const database = new Database(listed([standby, primary]), () => {}, { connectMs: 3000, statementMs: 500 });
  onTestFinished(() => database.close());
  await expect(sql`select pg_sleep(60)`.execute(database.kysely)).rejects.toThrow("timeout");
  // The host that runs it has cancelled it.
  await expect
    .poll(() =>
      server.sql("select from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'"),
    )
    .toEqual([]);
});

test("where no host will do, the error names each and why, and no password; a refused login ends the search, as in libpq", async () => {
  const { server, primary, standby } = await openPair();
  const away = `127.0.0.1:${await findFreePort()}`;
  const frozen = await frozenHost();
  const error = await connectTo(listed([away, standby, frozen]), 1500).catch((caught: unknown) => caught);
  expect(String(error)).toMatch(
    new RegExp(`${away}: .*ECONNREFUSED.*; ${standby}: it is a standby; ${frozen}: no answer within \\d+ ms`),
  );
  expect(String(error)).not.toContain("postgres:");

  const wrong = listed([standby, primary]).replace(":postgres@", ":wrong@");
  await expect(connectTo(wrong)).rejects.toThrow("password authentication failed");

  await server.sql("alter database postgres set default_transaction_read_only = on");
  await expect(connectTo(listed([primary, standby]))).rejects.toThrow(`${primary}: it is read-only`);
  const client = await connectTo(listed([standby, primary], "?target_session_attrs=primary"));
  expect(`${client.host}:${client.port}`).toBe(primary);
});

test("an idle instance leaves a primary that becomes read-only within seconds, and goes on at the host that takes writes", async () => {
  const { server, primary, standby } = await openPair();
  const syncd = server.run({ TALKME_LEASE_SECONDS: "3" }, listed([standby, primary]));
  await server.insert(5);
  await expect.poll(() => server.outcome()).toEqual(sentOnce(5));
  await server.sql("alter system set default_transaction_read_only = on");
  await server.sql("select pg_reload_conf()");
  await expect
    .poll(() => readiness(syncd))
    .toMatchObject({ status: 503, reasons: expect.stringContaining("it is read-only") });
  // It would read there, and find nothing to send.
  await expect
    .poll(() => server.sql("select from pg_stat_activity where application_name ~ 'syncd'"), {
      timeout: 30_000,
      interval: 20,
    })
    .toEqual([]);

  await server.sql("alter system reset default_transaction_read_only");
  await server.sql("select pg_reload_conf()");
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
  await server.insert(5, 5);
  await expect.poll(() => server.outcome()).toEqual(sentOnce(10));
});
