import { migrate } from "@talkme/outbox";
import { createMember } from "@talkme/test-postgres";

import { trustLanes } from "../../contenders/fill-outbox.ts";
import { withOutbox } from "../../contenders/with-outbox.ts";
import { infoContato, numeroDest } from "../../message.ts";
import { startSyncd } from "../../stage/node-child.ts";
import { withClient } from "../../stage/postgres.ts";
import type { DisturbedQueue } from "../disturbed-queue.ts";
import { fatesFrom } from "../fates.ts";

const login = "bench_syncd";

/** As installed: every setting but the concurrency and the rate, which is unlimited, has its default. */
export const disturbedSyncd: DisturbedQueue = {
  name: "syncd",
  login,
  migrate: async (url) => {
    await withOutbox(url, migrate);
    await createMember(url, "talkme_daemon", login);
  },
  fill: async (url, count) => {
    await withClient(url, async (client) =>
      client.query(
        `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
         select $1, 1, $2::jsonb || jsonb_build_object('geral1', i::text) from generate_series(1, $3::integer) as i`,
        [numeroDest, JSON.stringify(infoContato), count],
      ),
    );
    await trustLanes(url);
  },
  start: (work) => startSyncd(work),
  // Nothing: the next process, or any other instance, notices it.
  afterDeath: async () => {},
  fates: async (url) =>
    fatesFrom(
      url,
      `select (info_contato->>'geral1')::integer as job, case
         when status = 'sent' then 'done' when status = 'unknown' then 'unknown'
         when status in ('pending', 'sending') then 'waiting' else 'failed'
       end as fate
       from talkme.outbox`,
    ),
};
