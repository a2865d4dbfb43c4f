import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";

import { debianProgram } from "@talkme/test-debian";

import { syncd } from "../contenders/syncd.ts";
import { interleave } from "../measure/interleave.ts";
import { infoContato, numeroDest } from "../message.ts";
import { Child } from "../stage/child.ts";
import { startSyncd } from "../stage/node-child.ts";
import type { Scenario } from "./scenario.ts";

const clients = 8;
const script = `insert into talkme.outbox (numero_dest, id_campanha, info_contato) values ('${numeroDest}', 1, '${JSON.stringify(infoContato)}');\n`;

export const producers: Scenario = {
  name: "producers",
  question: "What does the daemon cost those who insert?",
  run: async (bench) => {
    const pgbench = await debianProgram("postgresql-15", "usr/lib/postgresql/15/bin/pgbench");
    if (pgbench.kind === "unavailable") throw new Error(`pgbench is needed: ${pgbench.reason}`);
    const seconds = bench.size({ smoke: 1, short: 3, full: 20 });
    const home = await mkdtemp(join(tmpdir(), "talkme-pgbench-"));
    const file = join(home, "insert.sql");
    await writeFile(file, script);
    const template = await bench.template(syncd, async () => {});
    const insert = async (url: string): Promise<number> => {
      const args = ["-n", "-c", String(clients), "-T", String(seconds), "-f", file, url];
      const child = new Child(pgbench.path, args, pgbench.env);
      await child.exited();
      const tps = Number(/^tps = ([\d.]+)/m.exec(child.output)?.[1]);
      if (!(tps > 0)) throw new Error(`pgbench has failed:\n${child.output}`);
      return tps;
    };
    try {
      const results = await interleave(
        bench.rounds,
        {
          stopped: async () => bench.withCopy(template, async ({ url }) => insert(url)),
          draining: async () =>
            bench.withCopy(template, async ({ url }) => {
              const { api, concurrency } = bench;
              const daemon = startSyncd({ databaseUrl: url, apiUrl: api.url, concurrency });
              await daemon.ready();
              try {
                return await insert(url);
              } finally {
                await daemon.stop();
              }
            }),
        },
        (name, _, tps) => bench.log(`producers: ${name} ${tps.toFixed(0)} inserts/s`),
      );
      return [
        {
          name: "producers",
          how: `pgbench inserts from ${clients} clients for ${seconds} s: with syncd draining, over syncd stopped`,
          of: { label: "draining", unit: "inserts/s", values: results.draining },
          over: { label: "stopped", unit: "inserts/s", values: results.stopped },
          goal: { kind: "at least", limit: 0.8, aim: null },
        },
      ];
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
};
