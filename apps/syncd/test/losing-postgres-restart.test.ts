import type { Client } from "pg";
import { describe, expect, test } from "vitest";

import { OwnServer, readiness, sentOnce } from "./support/own-server.ts";

const endAllOfSyncd =
  "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'syncd%'";

describe.each(["fast", "immediate"] as const)("a restart of PostgreSQL (%s) while rows flow", (mode) => {
  test("loses no row and sends none twice; answers that came during it are settled truthfully", async () => {
    const server = await OwnServer.open();
    server.faults({ do: { kind: "latency", ms: 300, jitterMs: 200 } });
    await server.insert(60);
    const syncd = server.run({ TALKME_LEASE_SECONDS: "3" });
    await expect.poll(() => server.simulator.ledger.size).toBeGreaterThan(10);

    await server.postgres.stop(mode);
    await expect
      .poll(() => readiness(syncd))
      .toMatchObject({ status: 503, reasons: expect.stringContaining("ECONNREFUSED") });
    // Requests on the wire are answered while nothing can be written; nothing new is claimed.
    const answered = (): number => syncd.log.filter(({ msg }) => msg === "sent").length;
    await expect.poll(() => server.simulator.requests - answered()).toBe(0);
    expect(server.simulator.requests).toBeLessThan(60);
    expect(await readiness(syncd)).toMatchObject({ status: 503 });
    await server.postgres.start();

    await syncd.logged("database is back");
    await expect.poll(() => server.outcome()).toEqual(sentOnce(60));
    await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
    expect(syncd.log.filter(({ msg }) => msg.includes("declared dead"))).toEqual([]);
  });
});

function hasPassed(ms: number): () => boolean {
  const sinceMs = performance.now();
  return () => performance.now() - sinceMs > ms;
}

test("after an outage of nearly a lease no living instance is declared dead, whichever returns first", async () => {
  const leaseSeconds = 5;
  const server = await OwnServer.open();
  const settings = { TALKME_LEASE_SECONDS: String(leaseSeconds) };
  const instances = [server.run(settings), server.run(settings), server.run(settings)];
  await Promise.all(instances.map((syncd) => syncd.logged("sending")));
  // Only an instance whose heartbeats had no gap for a lease declares others dead.
  await expect.poll(hasPassed(leaseSeconds * 1100)).toBe(true);

  await server.postgres.stop("fast");
  await expect.poll(hasPassed(leaseSeconds * 800)).toBe(true);
  await server.postgres.start();
  for (const syncd of instances) {
    await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
  }
  await expect.poll(hasPassed(leaseSeconds * 1000)).toBe(true);

  expect(instances.flatMap(({ log }) => log.filter(({ msg }) => msg.includes("declared dead")))).toEqual([]);
});

test("repeatedly terminated connections lose no row and send none twice", async () => {
  const server = await OwnServer.open();
  server.faults({ do: { kind: "latency", ms: 20, jitterMs: 40 } });
  await server.insert(600);
  const syncd = server.run({ TALKME_LEASE_SECONDS: "3", TALKME_CONCURRENCY: "4" });
  await syncd.logged("sending");

  const killer = await server.connect();
  await expect
    .poll(
      async () => {
        await killer.query(endAllOfSyncd);
        // Ending an idle connection raises no error.
        const errors = syncd.log.filter(({ msg }) => msg === "database error").length;
        return { many: server.simulator.ledger.size > 150, felt: errors > 3 };
      },
      // On a busy machine it takes this long to connect again and send something.
      { interval: 400 },
    )
    .toEqual({ many: true, felt: true });

  await expect.poll(() => server.outcome()).toEqual(sentOnce(600));
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
});

test("when others have taken all connections, the daemon waits for one, and /readyz says why", async () => {
  const server = await OwnServer.open({
    settings: { max_connections: "16", superuser_reserved_connections: "0" },
  });
  server.faults({ do: { kind: "latency", ms: 100 } });
  await server.insert(40);
  const syncd = server.run({ TALKME_LEASE_SECONDS: "3", TALKME_CONCURRENCY: "2" });
  await expect.poll(() => server.simulator.ledger.size).toBeGreaterThan(3);

  const killer = await server.connect();
  const taken: Client[] = [];
  await expect
    .poll(async () => {
      await killer.query(endAllOfSyncd);
      const more = await Promise.allSettled(Array.from({ length: 16 }, () => server.connect()));
      taken.push(...more.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
      return readiness(syncd);
    })
    .toMatchObject({ status: 503, reasons: expect.stringContaining("too many clients") });
  expect(server.simulator.requests).toBeLessThan(40);
  expect((await syncd.logged("database error"))["fault"]).toBe("unreachable");

  await Promise.all(taken.map((client) => client.end()));
  await expect.poll(() => server.outcome()).toEqual(sentOnce(40));
  await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
});
