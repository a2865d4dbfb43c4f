import { expect, test } from "vitest";

import { OwnServer, readiness, sentOnce } from "./support/own-server.ts";
import { Stage } from "./support/stage.ts";
import type { Syncd } from "./support/syncd.ts";
import { TcpProxy } from "./support/tcp-proxy.ts";

const readOnly = { status: 503, reasons: expect.stringMatching(/heartbeats: [^"]*read-only/) };

/** Asserts that the daemon is never ready while `what` happens. */
async function staysUnready(syncd: Syncd, what: () => Promise<void>): Promise<void> {
  const done = new AbortController();
  const happens = what().finally(() => done.abort());
  const seen = new Set<number>();
  while (!done.signal.aborted) seen.add((await readiness(syncd)).status);
  await happens;
  expect([...seen]).toEqual([503]);
}

test("a standby in the primary's place is not claimed from or hammered; sending resumes when the primary is back", async () => {
  const server = await OwnServer.open();
  // On the standby they stay pending, as they are now.
  await server.insert(10);
  await server.postgres.stop("fast");
  const standby = await server.postgres.startStandby();
  await server.postgres.start();
  const proxy = await TcpProxy.open(server.url);
  const syncd = server.run({ TALKME_LEASE_SECONDS: "3" }, proxy.url);
  await expect.poll(() => server.outcome()).toEqual(sentOnce(10));

  proxy.switchTo(standby.url);
  await expect.poll(() => readiness(syncd)).toMatchObject(readOnly);
  const complaints = (): number =>
    syncd.log.filter(({ level }) => level === "warn" || level === "error").length;
  const before = complaints();
  const startedAtMs = performance.now();
  await staysUnready(syncd, async () => {
    await expect.poll(() => syncd.log.filter(({ msg }) => msg === "no heartbeat").length).toBeGreaterThan(8);
  });
  const perSecond = (complaints() - before) / ((performance.now() - startedAtMs) / 1000);
  expect(perSecond).toBeLessThan(6);
  expect(server.simulator.requests).toBe(10);

  proxy.switchTo(server.url);
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
  await server.insert(10, 10);
  await expect.poll(() => server.outcome()).toEqual(sentOnce(20));
});

test("a standby in the primary's place makes an idle daemon unready, although reads succeed", async () => {
  const server = await OwnServer.open();
  await server.postgres.stop("fast");
  const standby = await server.postgres.startStandby();
  await server.postgres.start();
  const proxy = await TcpProxy.open(server.url);
  const syncd = server.run({ TALKME_LEASE_SECONDS: "3" }, proxy.url);
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
  await syncd.logged("listening for inserts");

  proxy.switchTo(standby.url);
  await expect.poll(() => readiness(syncd)).toMatchObject(readOnly);
  await staysUnready(syncd, async () => {
    await expect.poll(() => syncd.log.filter(({ msg }) => msg === "no heartbeat").length).toBeGreaterThan(4);
  });

  proxy.switchTo(server.url);
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
});

test("an instance stays unready as long as the database refuses writes, although reads succeed", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
  await stage.sql(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
    create trigger refuse before update on talkme.outbox for each row execute function refuse();
  `);
  await stage.insert("11988887777");
  const refusals = "a row can neither be claimed nor be marked as failed";
  const failures = (): number => syncd.log.filter(({ msg }) => msg === refusals).length;
  await expect.poll(failures).toBeGreaterThan(0);
  await expect
    .poll(() => readiness(syncd))
    .toMatchObject({ status: 503, reasons: expect.stringContaining("public.refuse()") });

  await staysUnready(syncd, async () => {
    const before = failures();
    await expect.poll(failures).toBeGreaterThan(before + 1);
  });

  await stage.sql("drop trigger refuse on talkme.outbox");
  await expect.poll(() => stage.count("status = 'sent'")).toBe(1);
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
});
