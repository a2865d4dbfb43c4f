import { statuses } from "@talkme/outbox";

import { gatherEvidence } from "../audit/gather-evidence.ts";
import { Storyteller } from "../audit/storyteller.ts";
import { auditFailover } from "./failover-audit.ts";
import type { DoneStrike } from "./failover-disturber.ts";
import type { FailoverReport } from "./failover-report.ts";
import type { FailoverStage } from "./failover-stage.ts";
import { silences } from "./silences.ts";

type Run = Pick<FailoverReport, "seed" | "seconds" | "instances" | "durability" | "entrance" | "drainMs">;

/** Audits a finished run and builds its report. */
export async function buildFailoverReport(
  run: Run,
  stage: FailoverStage,
  { done }: { readonly done: readonly DoneStrike[] },
): Promise<FailoverReport> {
  const { answers, commits, connection, fleet, meddling, person, sampler, simulator, watch } = stage;
  const { production, unconfirmed } = commits;
  const { acknowledgements } = person;
  const gathered = await gatherEvidence({
    answers,
    connection,
    fleet,
    meddling,
    production,
    sampler,
    simulator,
    watch,
  });
  // A sequence loses its place with the rows: another row may get the id of one that a failover has lost.
  const reusedUpToId = run.durability === "local" ? Number.POSITIVE_INFINITY : 0;
  const evidence = {
    ...gathered,
    meddling: { ...gathered.meddling, reusedUpToId },
    durability: run.durability,
    unconfirmed,
    acknowledgements,
  };
  const { figures, violations } = auditFailover(evidence);
  const teller = new Storyteller(evidence, (id) =>
    fleet.histories.flatMap(({ process }) => process.linesAbout(id)),
  );
  const rows = { pending: 0, sending: 0, sent: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0 };
  for (const status of statuses) rows[status] = evidence.rows.filter((row) => row.status === status).length;
  const [own] = await connection.ask<{ times: number }>(
    `select count(*)::integer as times from talkme.audit
     where action = 'acknowledge_history' and (about ->> 'confirmed_by_standby')::boolean`,
  );
  return {
    ...run,
    ...figures,
    producers: {
      confirmed: production.committed.size,
      unconfirmed: unconfirmed.size,
      uncertain: production.uncertain.size - unconfirmed.size,
    },
    rows,
    api: { requests: simulator.requests, accepted: simulator.ledger.size },
    silences: silences(
      done,
      simulator.ledger.entries().map(({ receivedAt }) => Date.parse(receivedAt)),
    ),
    failovers: done.filter(({ hasMoved }) => hasMoved).length,
    held: {
      acknowledged: acknowledgements.length,
      shown: acknowledgements.reduce((sum, { shown }) => sum + shown, 0),
      spared: acknowledgements.reduce((sum, { spared }) => sum + spared, 0),
    },
    acknowledgedByItself: own?.times ?? 0,
    violations: violations.map((violation) => Object.assign(violation, { story: teller.tell(violation) })),
  };
}
