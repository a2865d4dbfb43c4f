import { describe, expect, test } from "vitest";

import { Stage } from "./support/stage.ts";

function testNumber(i: number): string {
  return `119888800${String(i).padStart(2, "0")}`;
}

describe("a row inserted by SQL", () => {
  test("is sent once and marked, with and without variables", async () => {
    const stage = await Stage.open();
    stage.run();
    const plain = await stage.insert("11988887777");
    const rich = await stage.insert(
      "11988887778",
      "info_contato",
      `'{"nome":"Fulano de tal","geral1":"R$ 10,00"}'`,
    );

    expect(await stage.reaches(plain, "sent")).toMatchObject({
      attempts: 1,
      http_status: 200,
      error_code: null,
    });
    const { reference } = await stage.reaches(rich, "sent");

    const [first] = stage.simulator.ledger.byNumero("11988887777");
    const [second] = stage.simulator.ledger.byNumero("11988887778");
    expect(first).toMatchObject({ acao: "insere_whats_simples", idCampanha: 1 });
    expect(second).toMatchObject({
      acao: "envio_whats_simples_v2",
      infoContato: { nome: "Fulano de tal" },
      reference,
    });
    expect(stage.simulator.ledger.size).toBe(2);
  });

  test("is found without notifications within the poll interval", async () => {
    const stage = await Stage.open();
    const syncd = stage.run({ TALKME_LISTEN_URL: "off" });
    await syncd.logged("sending");

    await stage.reaches(await stage.insert("11988887777"), "sent");
    expect(syncd.log.some(({ msg }) => msg === "listening for inserts")).toBe(false);
  });

  test("wakes an idle daemon long before it would poll", async () => {
    const stage = await Stage.open();
    const syncd = stage.run({ TALKME_POLL_INTERVAL_MS: "60000" });
    await syncd.logged("listening for inserts");
    await expect
      .poll(async () => (await stage.sql("select listening from talkme.instance"))[0])
      .toEqual({ listening: true });

    await stage.reaches(await stage.insert("11988887777"), "sent");
  });

  test("is sent at send_at, not before, and without waiting for a poll", async () => {
    const stage = await Stage.open();
    stage.run({ TALKME_POLL_INTERVAL_MS: "60000" });
    const id = await stage.insert("11988887777", "send_at", "now() + interval '2 s'");

    const { send_at: sendAt, finished_at: finishedAt } = await stage.reaches(id, "sent");
    expect(Number(finishedAt)).toBeGreaterThanOrEqual(Number(sendAt));
  });

  test("that is overdue expires unsent", async () => {
    const stage = await Stage.open();
    const id = await stage.insert(
      "11988887777",
      "send_at, expires_at",
      "now() - interval '2 h', now() - interval '1 h'",
    );
    stage.run();

    expect(await stage.reaches(id, "expired")).toMatchObject({ error_code: "expired", attempts: 0 });
    expect(stage.simulator.requests).toBe(0);
  });

  test("with a smaller priority goes first", async () => {
    const stage = await Stage.open();
    await stage.insert("11988887771", "priority", "5");
    await stage.insert("11988887772", "priority", "-5");
    const last = await stage.insert("11988887773", "priority", "6");
    stage.run({ TALKME_CONCURRENCY: "1" });

    await stage.reaches(last, "sent");
    expect(stage.simulator.ledger.entries().map(({ numeroDest }) => numeroDest)).toEqual([
      "11988887772",
      "11988887771",
      "11988887773",
    ]);
  });

  test("for an unconfigured account waits, and delays no other", async () => {
    const stage = await Stage.open();
    const stranger = await stage.insert("11988887777", "account", "'vendas'");
    const syncd = stage.run();

    await stage.reaches(await stage.insert("11988887778"), "sent");
    expect(await stage.row(stranger)).toMatchObject({ status: "pending", attempts: 0 });
    expect(await syncd.logged("rows wait for accounts that are not configured here")).toMatchObject({
      accounts: ["vendas"],
    });
  });
});

describe("a row that cannot be sent", () => {
  test.each([
    ["+51912345678", "ambiguous_phone"],
    ["+15551234567", "invalid_phone"],
  ])("%s fails with %s and a sentence, without a request", async (numero, code) => {
    const stage = await Stage.open();
    stage.run();

    const row = await stage.reaches(await stage.insert(numero), "failed");

    expect(row).toMatchObject({ error_code: code, error: expect.stringMatching(/numero_dest|phone_format/) });
    expect(stage.simulator.requests).toBe(0);
    expect(await stage.sql("select * from talkme.attempt")).toEqual([]);
  });

  test("does not hold up its neighbours", async () => {
    const stage = await Stage.open();
    for (const numero of ["+51912345678", "11988887771", "+15551234567", "11988887772"])
      await stage.insert(numero);
    stage.run();

    await expect.poll(() => stage.count("status = 'sent'")).toBe(2);
    expect(await stage.count("status = 'failed'")).toBe(2);
  });
});

describe("an answer", () => {
  test("that provably sent nothing leads to another attempt, which is recorded", async () => {
    const stage = await Stage.open();
    stage.faults({ match: { first: 2 }, do: { kind: "status", status: 503 } });
    stage.run();

    const id = await stage.insert("11988887777");
    expect(await stage.reaches(id, "sent")).toMatchObject({ attempts: 3 });

    expect(stage.simulator.ledger.size).toBe(1);
    const attempts = await stage.sql("select outcome, http_status from talkme.attempt order by attempt");
    expect(attempts).toEqual([
      { outcome: "not_sent", http_status: 503 },
      { outcome: "not_sent", http_status: 503 },
      { outcome: "accepted", http_status: 200 },
    ]);
  });

  test("that provably sent nothing leads to another attempt at the row's retry_at, even by another process", async () => {
    const stage = await Stage.open();
    stage.faults({ match: { first: 1 }, do: { kind: "status", status: 503, retryAfterSeconds: 3 } });
    const first = stage.run();
    const id = await stage.insert("11988887777");
    await expect.poll(async () => (await stage.row(id))["error_code"]).toBe("service_unavailable");
    const { retry_at: retryAt } = await stage.row(id);
    first.signal("SIGTERM");
    expect(await first.exit()).toBe(0);

    stage.run();
    await stage.reaches(id, "sent");
    const [second] = await stage.sql("select started_at from talkme.attempt where attempt = 2");
    expect(Number(second?.["started_at"])).toBeGreaterThanOrEqual(Number(retryAt));
  });

  test("429 with Retry-After puts the row off at least that long", async () => {
    const stage = await Stage.open();
    stage.faults({ match: { first: 1 }, do: { kind: "status", status: 429, retryAfterSeconds: 3600 } });
    stage.run();

    const id = await stage.insert("11988887777");
    await expect.poll(async () => (await stage.row(id))["error_code"]).toBe("rate_limited");
    expect(await stage.count("retry_at > now() + interval '59 minutes' and status = 'pending'")).toBe(1);
  });

  test("lost after the message was accepted leaves the row unknown, and it is not sent again", async () => {
    const stage = await Stage.open();
    stage.faults({ do: { kind: "drop", when: "after" } });
    stage.run();

    const id = await stage.insert("11988887777");
    expect(await stage.reaches(id, "unknown")).toMatchObject({
      error_code: "connection_lost",
      finished_at: null,
    });

    stage.faults();
    await stage.reaches(await stage.insert("11988887778"), "sent");
    expect(stage.simulator.ledger.byNumero("11988887777")).toHaveLength(1);
    expect(await stage.row(id)).toMatchObject({ status: "unknown" });
  });

  test("that was lost leads to another attempt only for a row marked resend", async () => {
    const stage = await Stage.open();
    stage.faults({ match: { first: 1 }, do: { kind: "drop", when: "after" } });
    stage.run();

    await stage.reaches(await stage.insert("11988887777", "on_unknown", "'resend'"), "sent");
    expect(stage.simulator.ledger.byNumero("11988887777")).toHaveLength(2);
  });

  test("that never comes makes the row unknown after the time-out", async () => {
    const stage = await Stage.open();
    stage.faults({ do: { kind: "hang", when: "after" } });
    stage.run({ TALKME_REQUEST_TIMEOUT_MS: "200" });

    expect(await stage.reaches(await stage.insert("11988887777"), "unknown")).toMatchObject({
      error_code: "timeout",
    });
  });

  test("that refuses the account opens the circuit: the rows wait and lose no attempt", async () => {
    const stage = await Stage.open();
    const syncd = stage.run({ TALKME_TOKEN: "wrong", TALKME_CONCURRENCY: "1" });
    const first = await stage.insert("11988887777");
    const second = await stage.insert("11988887778");

    await syncd.logged("circuit opened: the account's rows wait");
    await expect.poll(() => stage.count("status = 'pending' and attempts = 0")).toBe(2);
    expect(stage.simulator.requests).toBe(1);
    expect((await stage.row(first))["error_code"] ?? (await stage.row(second))["error_code"]).toBe(
      "authentication_failed",
    );
    const metrics = await (await fetch(`${await syncd.http()}/metrics`)).text();
    expect(metrics).toContain('talkme_circuit_open{account="default"} 1');
  });

  test("404 twice in a row stops the account before the third would lock its token", async () => {
    const stage = await Stage.open();
    stage.faults({ do: { kind: "failure", shape: "not-found" } });
    stage.run({ TALKME_CONCURRENCY: "1" });
    for (let i = 0; i < 5; i += 1) await stage.insert(`1198888777${i}`);

    await expect.poll(() => stage.count("status = 'failed'")).toBe(2);
    expect(await stage.count("status = 'pending'")).toBe(3);
    expect(stage.simulator.requests).toBe(2);
  });

  test("of any kind is one of the four outcomes, and the daemon survives it", async () => {
    const stage = await Stage.open({ lockAfterConsecutiveNotFound: 0 });
    const cases = [
      { fault: { kind: "html" }, status: "unknown", code: "response_html" },
      { fault: { kind: "empty", when: "after" }, status: "unknown", code: "response_empty" },
      { fault: { kind: "garbage", when: "after" }, status: "unknown", code: "response_not_text" },
      { fault: { kind: "reset", at: "half", when: "after" }, status: "unknown", code: "response_incomplete" },
      { fault: { kind: "truncate", when: "after" }, status: "unknown", code: "response_incomplete" },
      { fault: { kind: "redirect" }, status: "unknown", code: "redirected" },
      { fault: { kind: "status", status: 500 }, status: "unknown", code: "server_error" },
      { fault: { kind: "status", status: 418 }, status: "failed", code: "request_rejected" },
      { fault: { kind: "failure", shape: "json-error" }, status: "failed", code: "rejected_by_api" },
      { fault: { kind: "failure", shape: "error-echo" }, status: "failed", code: "rejected_by_api" },
      { fault: { kind: "huge", when: "after" }, status: "unknown", code: "response_too_long" },
      { fault: { kind: "success", shape: "json-unsafe-integer" }, status: "sent", code: null },
      { fault: { kind: "success", shape: "rows" }, status: "sent", code: null },
    ] as const;
    stage.faults(...cases.map(({ fault }, i) => ({ match: { numero: testNumber(i) }, do: fault })));
    stage.run();

    for (const [i, { status, code }] of cases.entries()) {
      expect(await stage.reaches(await stage.insert(testNumber(i)), status)).toMatchObject({
        error_code: code,
      });
      // A success in between keeps the circuit closed.
      await stage.reaches(await stage.insert("11988887777"), "sent");
    }
    expect(await stage.sql("select count(*)::integer as count from talkme.attempt")).toEqual([
      { count: 2 * cases.length },
    ]);
  });
});
