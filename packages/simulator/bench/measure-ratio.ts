/**
 * How fast the simulator answers, as a ratio over a bare node:http server, in one run: `node
 * --conditions=@talkme/source bench/measure-ratio.ts`. Servers run in processes of their own; rounds alternate, so
 * that a noisy neighbour strikes both; the median of the rounds' ratios is printed.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Pool, type Dispatcher } from "undici";
import { z } from "zod";
import { defaultIdCliente, defaultToken } from "../src/index.ts";

const concurrency = 64;
const requestsPerRound = 20_000;
const rounds = 7;

type RequestOptions = Pick<Dispatcher.RequestOptions, "method" | "path" | "body" | "headers">;

const credentials = `id_cliente=${defaultIdCliente}&token=${defaultToken}`;
const methods: Record<string, RequestOptions> = {
  "method 1, GET": {
    method: "GET",
    path: `/dbdial_webapi.php?acao=insere_whats_simples&${credentials}&num_dest=11988887777&txtmsg=teste&id_campanha=12345`,
  },
  "method 2, POST": {
    method: "POST",
    path: `/dbdial_webapi.php?acao=envio_whats_simples_v2&${credentials}`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      numero_dest: "11988887777",
      id_campanha: 12_345,
      info_contato: { nome: "Fulano de tal", telefone1: "11988887777", geral1: "R$ 10,00" },
    }),
  },
};

async function start(file: URL): Promise<{ child: ChildProcess; pool: Pool }> {
  const child = fork(file, { execArgv: ["--conditions=@talkme/source"] });
  const port = z.number().parse((await once(child, "message"))[0]);
  return { child, pool: new Pool(`http://127.0.0.1:${port}`, { connections: concurrency, pipelining: 1 }) };
}

async function requestsPerSecond(pool: Pool, options: RequestOptions): Promise<number> {
  let left = requestsPerRound;
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    while (left-- > 0) await (await pool.request(options)).body.dump();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return requestsPerRound / ((performance.now() - startedAt) / 1000);
}

const bare = await start(new URL("bare-server.ts", import.meta.url));
const simulator = await start(new URL("simulator-server.ts", import.meta.url));
for (const [name, options] of Object.entries(methods)) {
  await requestsPerSecond(bare.pool, options);
  await requestsPerSecond(simulator.pool, options);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const ofBare = await requestsPerSecond(bare.pool, options);
    const ofSimulator = await requestsPerSecond(simulator.pool, options);
    ratios.push(ofSimulator / ofBare);
    process.stdout.write(
      `${name}: bare ${ofBare.toFixed(0)}/s, simulator ${ofSimulator.toFixed(0)}/s, ratio ${(ofSimulator / ofBare).toFixed(2)}\n`,
    );
  }
  const median = ratios.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
  process.stdout.write(`${name}: median ratio ${median.toFixed(2)}\n`);
}
await Promise.all([bare.pool.close(), simulator.pool.close()]);
bare.child.kill();
simulator.child.kill();
