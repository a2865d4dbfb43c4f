// What `client.send` costs over undici's `request` alone: `node --conditions=@talkme/source bench/client-overhead.ts`.
// Read the ratios, not the rates: both share two cores with the server, and take turns within one run.
import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { TalkmeClient } from "@talkme/core";
import { Agent, request } from "undici";

const concurrency = 64;
const callsPerRound = 5000;
const rounds = 15;

const worker = new Worker(new URL("instant-server.ts", import.meta.url));
const [port] = await once(worker, "message");
const baseUrl = `http://127.0.0.1:${port}`;

const agent = new Agent({ pipelining: 1 });
const client = new TalkmeClient({ idCliente: 123, token: "XJS83HAUQORDIGHA82", baseUrl });
const path = "/dbdial_webapi.php?acao=insere_whats_simples&id_cliente=123&token=XJS83HAUQORDIGHA82";
const info = { nome: "Fulano de tal", geral1: "R$ 10,00", geral2: "12/11/2026" };
const body = JSON.stringify({
  numero_dest: "11988887777",
  id_campanha: 12_345,
  info_contato: { documento: "11988887777", telefone1: "11988887777", ...info },
});
const headers = { "content-type": "application/json" };

const contenders: Record<string, () => Promise<unknown>> = {
  "undici GET": async () => {
    const answer = await request(`${baseUrl}${path}&num_dest=11988887777&id_campanha=12345`, {
      dispatcher: agent,
    });
    return answer.body.text();
  },
  "client method 1": () => client.send({ numeroDest: "11988887777", idCampanha: 12_345 }),
  "undici POST": async () => {
    const answer = await request(`${baseUrl}${path}`, { dispatcher: agent, method: "POST", headers, body });
    return answer.body.text();
  },
  "client method 2": () => client.send({ numeroDest: "11988887777", idCampanha: 12_345, infoContato: info }),
};

async function callsPerSecond(call: () => Promise<unknown>): Promise<number> {
  let left = callsPerRound;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left > 0) {
        left -= 1;
        await call();
      }
    }),
  );
  return (callsPerRound / (performance.now() - started)) * 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const rates = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, call] of Object.entries(contenders)) {
    const rate = await callsPerSecond(call);
    // The first round warms up.
    if (round > 0) rates.get(name)?.push(rate);
  }
}
for (const [name, measured] of rates)
  process.stdout.write(`${name.padEnd(16)} ${median(measured).toFixed(0)}/s\n`);
for (const [label, ours, alone] of [
  ["GET", "client method 1", "undici GET"],
  ["POST", "client method 2", "undici POST"],
] as const) {
  // Neighbours in time are compared, because other work on the machine slows whole rounds down.
  const ratios = (rates.get(ours) ?? []).map(
    (rate, round) => rate / (rates.get(alone)?.[round] ?? Number.NaN),
  );
  process.stdout.write(`${label}: ${median(ratios).toFixed(2)} of undici alone\n`);
}

await Promise.all([client.close(), agent.close()]);
await worker.terminate();
