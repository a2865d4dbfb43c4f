import { asMember, createMember } from "@talkme/test-postgres";
import { describe, expect, test } from "vitest";

import { aSecond } from "./support/a-second.ts";
import { scrape } from "./support/scrape.ts";
import { Stage } from "./support/stage.ts";
import type { Syncd } from "./support/syncd.ts";

const count = 25_000;
const mebibyte = 1024 * 1024;

/** What a role that may only insert can put into one statement, each row in its own lane or priority. */
const floods = [
  ["campaigns", "account, id_campanha", `'default', 1000 + i`],
  ["channels", "account, id_campanha, id_wpp", `'default', 7, 1000 + i`],
  ["accounts that nobody has configured", "account, id_campanha", `'a' || i, 1`],
  ["priorities", "account, id_campanha, priority", `'default', 7, i - 12000`],
] as const;

async function flood(stage: Stage, columns: string, values: string): Promise<void> {
  await createMember(stage.databaseUrl, "talkme_producer");
  const producer = await stage.connect(asMember(stage.databaseUrl, "talkme_producer"));
  await producer.query(`
    insert into talkme.outbox (numero_dest, ${columns})
    select '119' || lpad((80000000 + i)::text, 8, '0'), ${values} from generate_series(1, ${count}) as i`);
}

function longestLine(syncd: Syncd): number {
  return Math.max(...syncd.output.split("\n").map((line) => Buffer.byteLength(line)));
}

describe(`after one insert of ${count} different`, () => {
  test.each(floods)(
    "%s, other campaigns are picked up within a second, and the daemon stays small",
    async (_what, columns, values) => {
      const stage = await Stage.open();
      const syncd = stage.run({ TALKME_LOG_LEVEL: "info" });
      await stage.reaches(await stage.insert("11988887777"), "sent");
      const limitMs = await aSecond(stage);
      await flood(stage, columns, values);

      const ids: string[] = [];
      for (let i = 0; i < 5; i += 1) {
        const proven = await stage.insert(`1198888877${i}`);
        ids.push(proven);
        await stage.reaches(proven, "sent");
        const [row] = await stage.sql(
          `insert into talkme.outbox (numero_dest, id_campanha) values ('1197777777${i}', ${900 + i}) returning id`,
        );
        ids.push(String(row?.["id"]));
        await stage.reaches(String(row?.["id"]), "sent");
      }

      const [waited] = await stage.sql(`
        select extract(epoch from percentile_cont(0.5) within group (order by claimed_at - due_at)) * 1000 as median
        from talkme.outbox where id in (${ids.join(",")})`);
      expect(Number(waited?.["median"])).toBeLessThan(limitMs);
      const metrics = await scrape(syncd);
      expect(metrics.get("process_resident_memory_bytes")).toBeLessThan(256 * mebibyte);
      expect(longestLine(syncd)).toBeLessThan(8192);
    },
    120_000,
  );
});
