import type { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { asDaemon } from "./support/daemon-login.ts";
import { OwnServer, readiness, sentOnce } from "./support/own-server.ts";

const patience = { timeout: 60_000 };

/** From now on no commit is confirmed: the standby that would do so does not exist. */
async function withoutStandby(server: OwnServer): Promise<void> {
  await server.sql("alter system set synchronous_standby_names = 'away'");
  await server.sql("select pg_reload_conf()");
  await expect
    .poll(() => server.sql("show synchronous_standby_names"))
    .toEqual([{ synchronous_standby_names: "away" }]);
}

async function standbyIsGivenUp(server: OwnServer): Promise<void> {
  await server.sql("alter system reset synchronous_standby_names");
  await server.sql("select pg_reload_conf()");
}

/** Cancels whatever waits for the standby, like an impatient person. Returns how to stop. */
function cancelWaits(client: Client): { readonly stop: () => Promise<readonly string[]> } {
  const stopped = new AbortController();
  const cancelled: string[] = [];
  const run = (async () => {
    while (!stopped.signal.aborted) {
      const { rows } = await client.query<{ query: string }>(
        "select query, pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'",
      );
      cancelled.push(...rows.map(({ query }) => query));
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await run;
      return cancelled;
    },
  };
}

test.each(["warning", "error"])(
  "a claim that no standby confirmed is given back unsent; once commits are confirmed, every row is sent once (client_min_messages %s)",
  { timeout: 120_000 },
  async (level) => {
    const server = await OwnServer.open();
    await server.sql(
      `alter role ${new URL(asDaemon(server.url)).username} set client_min_messages = ${level}`,
    );
    const syncd = server.run();
    await server.insert(1);
    await expect.poll(() => server.outcome(), patience).toEqual(sentOnce(1));

    await withoutStandby(server);
    const client = await server.connect();
    const inserter = server.insert(10, 1);
    const cancelling = cancelWaits(client);
    await inserter;
    const claims = (): number =>
      syncd.log.filter(({ code, msg }) => msg === "database error" && code === "commit_unconfirmed").length;
    await expect.poll(claims, patience).toBeGreaterThan(2);
    expect(server.simulator.requests).toBe(1);
    expect(await readiness(syncd)).toMatchObject({ status: 503 });

    await standbyIsGivenUp(server);
    const cancelled = await cancelling.stop();
    expect(cancelled.some((query) => query.includes("settle_and_claim"))).toBe(true);
    await expect.poll(async () => (await server.outcome()).rows, patience).toEqual({ sent: 11 });
    expect(server.simulator.ledger.duplicates()).toEqual([]);
    expect(server.simulator.requests).toBe(11);
  },
);

test(
  "an instance whose registration no standby confirmed claims nothing under that name",
  { timeout: 120_000 },
  async () => {
    const server = await OwnServer.open();
    await server.insert(1);
    await withoutStandby(server);
    const cancelling = cancelWaits(await server.connect());
    onTestFinished(async () => void (await cancelling.stop()));

    const syncd = server.run();
    await expect
      .poll(() => syncd.log.filter(({ code }) => code === "commit_unconfirmed").length, patience)
      .toBeGreaterThan(1);
    expect(syncd.log.filter(({ msg }) => msg === "sending")).toEqual([]);
    expect(server.simulator.requests).toBe(0);

    await standbyIsGivenUp(server);
    await expect.poll(async () => (await server.outcome()).rows, patience).toEqual({ sent: 1 });
  },
);
