import { getEventListeners } from "node:events";

import { InvalidMessageError, InvalidOptionsError, TalkmeClient } from "@talkme/core";
import type { Message } from "@talkme/core";
import { describe, expect, it } from "vitest";

import { account, failureOf, message } from "./transport/failed-call.ts";
import { respond, startRawServer } from "./transport/raw-server.ts";

async function requestLineOf(call: (client: TalkmeClient) => Promise<unknown>): Promise<string | undefined> {
  await using server = await startRawServer((request) => respond(request, "1"));
  await using client = new TalkmeClient({ ...account, baseUrl: `${server.url}/prefix/` });
  await call(client);
  return server.requests[0]?.head.split("\r\n")[0];
}

function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
}

const simplesLine =
  "GET /prefix/dbdial_webapi.php?acao=insere_whats_simples&id_cliente=123&token=XJS83HAUQORDIGHA82&num_dest=11988887777&id_campanha=12345 HTTP/1.1";
const v2Line =
  "POST /prefix/dbdial_webapi.php?acao=envio_whats_simples_v2&id_cliente=123&token=XJS83HAUQORDIGHA82 HTTP/1.1";

describe("send", () => {
  it("uses method 1 for a message without variables and e-mail, method 2 otherwise", async () => {
    expect(await requestLineOf((client) => client.send(message))).toBe(simplesLine);
    expect(await requestLineOf((client) => client.send({ ...message, infoContato: {} }))).toBe(v2Line);
    expect(await requestLineOf((client) => client.send({ ...message, emailDest: "a@b.com" }))).toBe(v2Line);
    expect(await requestLineOf((client) => client.send({ ...message, emailDest: "" }))).toBe(simplesLine);
  });

  it("leaves the choice to the caller who names the method", async () => {
    expect(await requestLineOf((client) => client.insereWhatsSimples(message))).toBe(simplesLine);
    expect(await requestLineOf((client) => client.envioWhatsSimplesV2(message))).toBe(v2Line);
  });

  it.each<Message>([
    { ...message, infoContato: {} },
    { ...message, emailDest: "a@b.com" },
    { ...message, assunto: "Alerta" },
  ])("refuses %j for method 1, which would drop a part of it", async (unfit) => {
    const client = new TalkmeClient(account);
    const error = await failureOf(client.insereWhatsSimples(unfit));
    expect(error).toBeInstanceOf(InvalidMessageError);
    expect(error).toMatchObject({ code: "wrong_method", outcome: "rejected", action: "simples" });
  });

  it("makes no request for a message that is refused, and rejects rather than throws", async () => {
    await using server = await startRawServer((request) => respond(request, "1"));
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    const error = await failureOf(client.send({ numeroDest: "1" }));
    expect(error).toMatchObject({
      name: "InvalidMessageError",
      outcome: "rejected",
      code: "invalid_phone_length",
    });
    expect(server.sockets.size).toBe(0);
  });

  it("leaves nothing behind on a signal that outlives the call", async () => {
    const { signal } = new AbortController();
    await requestLineOf((client) => client.send(message, { signal }));
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("leaves no timer behind, which would keep a process from ending", async () => {
    await using server = await startRawServer((request) => respond(request, "1"));
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 1 });
    const before = activeTimers();
    for (let call = 0; call < 50; call += 1) await client.send(message);
    expect(activeTimers() - before).toBeLessThan(25);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    "refuses a time limit of %d ms, which a timer would take for 1 ms, before any request",
    async (timeoutMs) => {
      await using server = await startRawServer((request) => respond(request, "1"));
      await using client = new TalkmeClient({ ...account, baseUrl: server.url });
      await expect(client.send(message, { timeoutMs })).rejects.toThrow(InvalidOptionsError);
      expect(server.sockets.size).toBe(0);
    },
  );

  it("keeps a call's own time limit to that call", async () => {
    await using server = await startRawServer((request) => {
      if (request.number === 2) respond(request, "1");
    });
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    expect(await failureOf(client.send(message, { timeoutMs: 1000 }))).toMatchObject({ code: "timeout" });
    expect(await client.send(message)).toMatchObject({
      outcome: "accepted",
      action: "simples",
      response: "1",
    });
  });
});

describe("close", () => {
  it("lets the calls under way end", async () => {
    await using server = await startRawServer((request) => setImmediate(() => respond(request, "1")));
    const client = new TalkmeClient({ ...account, baseUrl: server.url });
    const call = client.send(message);
    const [accepted] = await Promise.all([call, client.close()]);
    expect(accepted.outcome).toBe("accepted");
  });
});
