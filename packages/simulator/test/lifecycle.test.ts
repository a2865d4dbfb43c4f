import { connect } from "node:net";
import { expect, test } from "vitest";
import { startSimulator, type AnsweredRequest } from "../src/index.ts";
import { ApiClient } from "./api-client.ts";
import { exchange, rawRequest } from "./raw-exchange.ts";

test("close ends requests that hang, drip or wait, and nothing listens any more", async () => {
  const { promise: allDecided, resolve } = Promise.withResolvers<void>();
  const simulator = await startSimulator({
    faults: [
      { match: { nth: 1 }, do: { kind: "latency", ms: 3_600_000 } },
      { match: { nth: 2 }, do: { kind: "hang", when: "after" } },
      { match: { nth: 3 }, do: { kind: "drip", intervalMs: 3_600_000, when: "after" } },
    ],
    onRequest: ({ ordinal }) => {
      if (ordinal === 3) resolve();
    },
  });
  const exchanges = [1, 2, 3].map(() => exchange(simulator.port, rawRequest));
  await allDecided;
  await simulator.close();
  for (const { end } of await Promise.all(exchanges)) expect(["FIN", "ECONNRESET"]).toContain(end);
  expect((await exchange(simulator.port, rawRequest)).end).toBe("ECONNREFUSED");
  await simulator.close();
});

test("a simulator with a port that is taken says so", async () => {
  await using simulator = await startSimulator();
  await expect(startSimulator({ port: simulator.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("a simulator on every interface gives a URL that a client can use", async () => {
  await using simulator = await startSimulator({ host: "0.0.0.0" });
  expect(simulator.url).toBe(`http://127.0.0.1:${simulator.port}`);
  await using client = new ApiClient(simulator);
  expect((await client.insere()).status).toBe(200);
});

test("idle sockets are closed after the time given, and the answer does not warn of it", async () => {
  await using simulator = await startSimulator({ idleSocketTimeoutMs: 50 });
  const { received, end } = await exchange(simulator.port, rawRequest);
  expect(end).toBe("FIN");
  expect(received).toMatch(/connection: keep-alive/i);
  expect(received).not.toMatch(/keep-alive: timeout/i);
});

test("a socket is kept alive for the next request", async () => {
  await using simulator = await startSimulator();
  const { promise, resolve } = Promise.withResolvers<void>();
  let received = "";
  const socket = connect(simulator.port, "127.0.0.1", () => socket.write(rawRequest + rawRequest));
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    received += chunk;
    if (received.includes("100000000002")) resolve();
  });
  await promise;
  socket.destroy();
  expect(simulator.ledger.size).toBe(2);
});

test("onRequest gets every request once, refused and unread ones too, and no admin request", async () => {
  const seen: AnsweredRequest[] = [];
  await using simulator = await startSimulator({
    faults: [{ match: { nth: 3 }, do: { kind: "drop", when: "unread" } }],
    onRequest: (request) => seen.push(request),
  });
  await using client = new ApiClient(simulator);
  await client.envio({ numero_dest: "5511988887777" });
  await client.insere({ acao: "x" });
  await expect(client.insere()).rejects.toThrow(/closed/);
  await client.send("GET", "/__simulator/health");
  expect(seen).toEqual([
    {
      ordinal: 1,
      method: "POST",
      acao: "envio_whats_simples_v2",
      idCliente: "123",
      numero: "11988887777",
      email: null,
      idCampanha: 5,
      idWpp: null,
      accepted: true,
      answered: "protocol",
      reason: null,
      status: 200,
    },
    expect.objectContaining({ ordinal: 2, accepted: false, answered: "refused:unknown-acao", status: 404 }),
    expect.objectContaining({ ordinal: 3, accepted: false, answered: "drop", status: null }),
  ]);
});
