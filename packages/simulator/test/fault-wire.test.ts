import { connect } from "node:net";
import { expect, test } from "vitest";
import { startSimulator, type AnsweredRequest, type Fault } from "../src/index.ts";
import { ApiClient } from "./api-client.ts";
import { exchange, rawRequest } from "./raw-exchange.ts";

const both = ["before", "after"] as const;

/** The ledger's size where the fault strikes before acceptance, and where it strikes after. */
const accepted = { before: 0, after: 1 } as const;

test.each(both)("drop %s acceptance ends the connection without a byte", async (when) => {
  await using simulator = await startSimulator({ faults: [{ do: { kind: "drop", when } }] });
  expect(await exchange(simulator.port, rawRequest)).toMatchObject({ received: "", end: "FIN" });
  expect(simulator.ledger.size).toBe(accepted[when]);
});

test.each(both)("reset at the start, %s acceptance, is an RST without a byte", async (when) => {
  await using simulator = await startSimulator({ faults: [{ do: { kind: "reset", at: "start", when } }] });
  expect(await exchange(simulator.port, rawRequest)).toMatchObject({ received: "", end: "ECONNRESET" });
  expect(simulator.ledger.size).toBe(accepted[when]);
});

test.each([
  ["before", 502, 11, "Bad G"],
  ["after", 200, 12, "100000"],
] as const)("reset %s acceptance is an RST after half of the body", async (when, status, length, half) => {
  await using simulator = await startSimulator({ faults: [{ do: { kind: "reset", when } }] });
  const { received, end } = await exchange(simulator.port, rawRequest);
  expect(received).toMatch(
    new RegExp(`^HTTP/1.1 ${status} [^]*content-length: ${length}\r\n[^]*\r\n\r\n${half}$`),
  );
  expect(end).toBe("ECONNRESET");
  expect(simulator.ledger.size).toBe(accepted[when]);
});

test.each([
  ["before", 502, 11, "Bad G"],
  ["after", 200, 12, "100000"],
] as const)(
  "truncate %s acceptance ends the connection short of the content-length",
  async (when, status, length, half) => {
    await using simulator = await startSimulator({ faults: [{ do: { kind: "truncate", when } }] });
    const { received, end } = await exchange(simulator.port, rawRequest);
    expect(received).toMatch(
      new RegExp(`^HTTP/1.1 ${status} [^]*content-length: ${length}\r\n[^]*\r\n\r\n${half}$`),
    );
    expect(end).toBe("FIN");
    expect(simulator.ledger.size).toBe(accepted[when]);
  },
);

test.each<Fault>([
  { kind: "reset", when: "after" },
  { kind: "truncate", when: "after" },
])("even a body of one byte is cut short (%j)", async (fault) => {
  await using simulator = await startSimulator({ successShape: "one", faults: [{ do: fault }] });
  const { received } = await exchange(simulator.port, rawRequest);
  expect(received).toMatch(/content-length: 1\r\n[^]*\r\n\r\n$/);
});

test("drip sends the body piece by piece", async () => {
  await using simulator = await startSimulator({
    faults: [{ do: { kind: "drip", bytes: 4, intervalMs: 20, when: "after" } }],
  });
  const closing = rawRequest.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
  const { received, chunks } = await exchange(simulator.port, closing);
  expect(received).toMatch(/\r\n\r\n100000000001$/);
  expect(chunks).toBeGreaterThanOrEqual(3);
});

test.each(both)("hang %s acceptance keeps the connection open and silent", async (when) => {
  const { promise: decided, resolve } = Promise.withResolvers<AnsweredRequest>();
  await using simulator = await startSimulator({
    faults: [{ match: { nth: 1 }, do: { kind: "hang", when } }],
    onRequest: (request) => {
      if (request.ordinal === 1) resolve(request);
    },
  });
  await using client = new ApiClient(simulator);
  const ended = exchange(simulator.port, rawRequest);
  expect(await decided).toMatchObject({ status: null, accepted: when === "after" });
  // A request that came later on another connection is answered; the first one has still got nothing.
  await client.insere({ num_dest: "1133332222" });
  expect(simulator.ledger.byNumero("11988887777")).toHaveLength(accepted[when]);
  await simulator.close();
  expect((await ended).received).toBe("");
});

test("an unread drop strikes before the body has come", async () => {
  await using simulator = await startSimulator({
    faults: [{ match: { acao: "envio_whats_simples_v2" }, do: { kind: "drop", when: "unread" } }],
  });
  const headersOnly =
    "POST /dbdial_webapi.php?acao=envio_whats_simples_v2&id_cliente=123&token=simulator-token HTTP/1.1\r\n" +
    "Host: simulator\r\nContent-Length: 1000000\r\n\r\n";
  expect(await exchange(simulator.port, headersOnly)).toMatchObject({ received: "", end: "FIN" });
  expect(simulator.ledger.size).toBe(0);
  expect(simulator.statistics().byAnswer).toEqual({ drop: 1 });
  await using client = new ApiClient(simulator);
  expect((await client.insere()).status).toBe(200);
});

test("a message whose body did not arrive whole is not accepted", async () => {
  await using simulator = await startSimulator();
  const body = '{"numero_dest":"11988887777","id_campanha":5}';
  const socket = connect(simulator.port, "127.0.0.1");
  socket.write(
    "POST /dbdial_webapi.php?acao=envio_whats_simples_v2&id_cliente=123&token=simulator-token HTTP/1.1\r\n" +
      `Host: simulator\r\nContent-Length: ${body.length + 1}\r\n\r\n${body}`,
  );
  socket.end();
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.resume().once("close", () => resolve());
  await closed;
  expect(simulator.requests).toBe(1);
  expect(simulator.ledger.size).toBe(0);
});
