import { setTimeout as sleep } from "node:timers/promises";

import { DatabaseError, type Client } from "pg";

import { insertOf, type NumberSource, type OutboxValues } from "../producer/outbox-values.ts";
import { refusedCampaign } from "../api/api-rules.ts";
import type { SeededRandom } from "../random/seeded-random.ts";
import type { Commits } from "./commits.ts";
import { connectToWritable } from "./writable-server.ts";

export interface ConfirmedProducerParts {
  readonly urls: readonly string[];
  readonly random: SeededRandom;
  readonly nextNumber: NumberSource;
  readonly commits: Commits;
  /** How many rows wait at present. */
  readonly pending: () => number;
}

const mostPending = 400;
const longestThoughtMs = 60;
const restMs = 100;
const campaigns = 12;

/**
 * Names alone do not confirm: where Patroni takes the last name off while a commit waits, PostgreSQL lets it go without a
 * warning. So nothing may have been loaded in between.
 */
const askForStandby = `select current_setting('synchronous_standby_names') <> ''
  and current_setting('synchronous_commit') in ('on', 'remote_apply') as waits, pg_conf_load_time()::text as loaded`;

interface Waiting {
  readonly waits: boolean;
  readonly loaded: string;
}

/** Inserts rows into whatever server takes writes until `stop` is aborted, and records which commits a standby confirmed. */
export async function produceConfirmed(parts: ConfirmedProducerParts, stop: AbortSignal): Promise<void> {
  const { urls, random, pending } = parts;
  let client: Client | null = null;
  while (!stop.aborted) {
    await sleep(random.integer(0, longestThoughtMs));
    if (pending() > mostPending) {
      await sleep(restMs);
      continue;
    }
    try {
      client ??= await connectToWritable(urls, "producer");
      await insert(client, parts);
    } catch {
      void client?.end().catch(() => "It was broken.");
      client = null;
      await sleep(restMs);
    }
  }
  await client?.end().catch(() => "It was broken.");
}

async function insert(
  client: Client,
  { random, nextNumber, commits }: ConfirmedProducerParts,
): Promise<void> {
  const rows = Array.from({ length: random.chance(0.7) ? 1 : random.integer(2, 12) }, () =>
    plainRow(random, nextNumber),
  );
  const { sql, numbers } = insertOf(rows, "");
  let isWarned = false;
  // Routine names are not translated.
  const listen = ({ routine }: { readonly routine?: string | undefined }): void => {
    isWarned ||= routine === "SyncRepWaitForLSN";
  };
  const before = await waitingOf(client);
  client.on("notice", listen);
  try {
    await client.query(sql);
  } catch (error) {
    // A server that shuts down says so before it closes the connection.
    if (!(error instanceof DatabaseError) || error.severity === "FATAL") commits.lose(numbers);
    throw error;
  } finally {
    client.off("notice", listen);
  }
  const after = await waitingOf(client).catch(() => null);
  const isConfirmed = !isWarned && before.waits && after?.waits === true && after.loaded === before.loaded;
  if (isConfirmed) commits.confirm(numbers);
  else commits.leaveUnconfirmed(numbers);
  if (after === null) throw new Error("The connection was lost after the commit.");
}

async function waitingOf(client: Client): Promise<Waiting> {
  const { rows } = await client.query<Waiting>(askForStandby);
  return rows[0] ?? { waits: false, loaded: "" };
}

/** Nothing that may be sent twice on purpose, expires, or is a duplicate. */
function plainRow(random: SeededRandom, nextNumber: NumberSource): OutboxValues {
  const sendInMs = random.chance(0.1) ? random.integer(1, 3000) : 0;
  return {
    number: nextNumber(),
    id_campanha: String(random.chance(0.02) ? refusedCampaign : random.integer(1, campaigns)),
    id_wpp: "null",
    info_contato: "null",
    priority: random.chance(0.2) ? "10" : "0",
    send_at: sendInMs > 0 ? `now() + interval '${sendInMs} ms'` : "now()",
    expires_at: "null",
    max_attempts: "null",
    on_unknown: "null",
    dedupe_key: "null",
  };
}
