import type { Simulator } from "@talkme/simulator";

import type { AnswerLog } from "../api/answer-log.ts";
import type { Connection } from "../database/connection.ts";
import type { Sampler } from "../database/sampler.ts";
import { concurrency, requestTimeoutMs } from "../process/daemon-settings.ts";
import type { Meddling } from "../disturb/meddling.ts";
import type { Fleet } from "../process/fleet.ts";
import type { ProcessWatch } from "../process/process-watch.ts";
import type { Production } from "../producer/production.ts";
import type { AuditedAttempt, AuditedRow, Evidence } from "./evidence.ts";

export interface Witnesses {
  readonly connection: Connection;
  readonly simulator: Simulator;
  readonly answers: AnswerLog;
  readonly production: Production;
  readonly sampler: Sampler;
  readonly fleet: Fleet;
  readonly watch: ProcessWatch;
  readonly meddling: Meddling;
}

/** Reads table and ledger, and collects what the other parts know. */
export async function gatherEvidence(witnesses: Witnesses): Promise<Evidence> {
  const { connection, simulator, answers, production, sampler, fleet, watch, meddling } = witnesses;
  const rows = await connection.ask<AuditedRow>(`
    select
      id, numero_dest as numero, status, on_unknown as "onUnknown", claimed_by as "claimedBy", fence,
      error_code as "errorCode", coalesce(error like '%was accepted (talkme.attempt).%', false) as "saysAccepted", reference,
      (extract(epoch from expires_at) * 1000)::double precision as "expiresAtMs"
    from talkme.outbox order by id
  `);
  const attempts = await connection.ask<AuditedAttempt>(`
    select
      outbox_id as "outboxId", attempt, outcome, reference, error_code as "errorCode", instance,
      (extract(epoch from started_at) * 1000)::double precision as "startedAtMs", duration_ms as "durationMs"
    from talkme.attempt order by outbox_id, attempt, started_at
  `);
  return {
    concurrency,
    requestTimeoutMs,
    committed: production.committed,
    uncertain: production.uncertain,
    meddling: {
      removed: meddling.removed,
      touched: meddling.touched,
      decided: meddling.decided,
      reusedUpToId: meddling.reusedUpToId,
      isTriggered: (id) => meddling.isTriggered(id),
    },
    rows,
    attempts,
    ledger: simulator.ledger.entries(),
    answersTo: (numero) => answers.of(numero),
    unattributedAnswers: answers.unattributed,
    processes: fleet.histories.map((history) => ({
      names: watch.namesOf(history.process),
      wasKilled: history.wasKilled,
      pauses: history.pauses,
      stop: history.stop,
      endedByItself: history.endedByItself,
      logTail: history.process.tail(),
    })),
    mostSending: sampler.mostSending,
  };
}
