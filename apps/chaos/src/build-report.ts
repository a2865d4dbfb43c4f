import { audit } from "./audit/audit.ts";
import type { Evidence } from "./audit/evidence.ts";
import { replayStories } from "./audit/replay-stories.ts";
import { Storyteller } from "./audit/storyteller.ts";
import type { Disturber } from "./disturb/disturber.ts";
import type { ChaosReport } from "./report.ts";
import type { Stage } from "./stage.ts";

export interface FinishedRun extends Pick<ChaosReport, "seed" | "seconds" | "instances" | "drainMs"> {
  readonly stage: Stage;
  readonly disturber: Disturber;
  readonly evidence: Evidence;
}

/** Audits a finished run and builds its report. */
export function buildReport({ stage, disturber, evidence, ...run }: FinishedRun): ChaosReport {
  const { production, simulator, answers, sampler, fleet, shell } = stage;
  const { histories } = fleet;
  const { violations: found, uncertainFound, ...figures } = audit(evidence);
  const replay = replayStories(evidence);
  const violations = [...found, ...replay.violations];
  const teller = new Storyteller(evidence, (id) =>
    histories.flatMap(({ process }) => process.linesAbout(id)),
  );
  return {
    ...run,
    ...figures,
    producers: {
      program: shell.name,
      committed: production.committed.size,
      absent: production.absent.size,
      uncertain: production.uncertain.size,
      uncertainFound,
      removed: evidence.meddling.removed.size,
    },
    api: {
      requests: simulator.requests,
      accepted: simulator.ledger.size,
      ambiguous: answers.ambiguous,
      answers: simulator.statistics().byAnswer,
    },
    model: { rows: replay.rows, stories: replay.stories, undecided: replay.undecided },
    disturbances: Object.fromEntries(disturber.done),
    processes: {
      started: histories.length,
      cleanStops: histories.filter(({ stop }) => stop?.exit === 0).length,
      declaredDead: evidence.processes.reduce((sum, { names }) => sum + Math.max(0, names.length - 1), 0),
      mostSending: Math.max(0, ...[...evidence.mostSending.values()].map(({ rows }) => rows)),
      samples: sampler.samples,
    },
    violations: violations.map((violation) => Object.assign(violation, { story: teller.tell(violation) })),
  };
}
