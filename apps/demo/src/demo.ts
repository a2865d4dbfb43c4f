import { audit } from "./audit/audit.ts";
import { gatherEvidence } from "./audit/gather-evidence.ts";
import { Narrator } from "./printing/narrator.ts";
import { printAudit } from "./printing/print-audit.ts";
import { printNextSteps } from "./printing/print-next-steps.ts";
import type { Terminal } from "./printing/terminal.ts";
import { insertRefused, insertSample } from "./rows/insert.ts";
import { refusedInserts, samples } from "./rows/samples.ts";
import { serve } from "./serve.ts";
import { DaemonError } from "./stage/daemon.ts";
import { Interrupted, Interruption, OutputClosed } from "./stage/interruption.ts";
import { openConsole } from "./stage/open-console.ts";
import { Stage } from "./stage/stage.ts";

const failure = 1;

/**
 * The whole demonstration. However it ends, leaves nothing running and nothing on disk.
 *
 * @returns The exit code: 0 if every row became what it should and the daemon stopped cleanly.
 */
export async function runDemo(terminal: Terminal, keepsServing: boolean): Promise<number> {
  using interruption = new Interruption();
  terminal.onClosed((error) => interruption.interrupt(new OutputClosed(error.message)));
  try {
    return await perform(terminal, interruption, keepsServing);
  } catch (error) {
    const cause = causeOf(error, interruption.signal);
    if (cause instanceof OutputClosed) return failure;
    terminal.complain(`${terminal.paint("red", "✗")} ${messageOf(cause)}`);
    if (error instanceof SuppressedError) {
      terminal.complain(`${terminal.paint("red", "✗")} It could not clean up: ${messageOf(error.error)}`);
      return failure;
    }
    return cause instanceof Interrupted ? cause.exitCode : failure;
  }
}

/** Reports an interruption's reason, but not what it breaks on its way, unless that is the daemon. */
function causeOf(error: unknown, { aborted, reason }: AbortSignal): unknown {
  return aborted && !(error instanceof DaemonError) ? reason : error;
}

function messageOf(error: unknown): string {
  if (error instanceof SuppressedError) return messageOf(error.suppressed);
  return error instanceof Error ? error.message : String(error);
}

async function perform(
  terminal: Terminal,
  interruption: Interruption,
  keepsServing: boolean,
): Promise<number> {
  const { signal } = interruption;
  const narrator = new Narrator(terminal);
  narrator.open();
  await using stage = await Stage.open(interruption, narrator);

  narrator.beginInserts();
  for (const [index, sample] of samples.entries()) {
    await insertSample(stage.outbox, sample, narrator.tell(sample, index + 1), signal);
  }
  narrator.beginRefusedInserts();
  const broken: string[] = [];
  for (const insert of refusedInserts) {
    broken.push(...(await insertRefused(stage.outbox, insert, narrator.tellRefused(insert))));
  }

  if (!keepsServing) await narrator.stopping(() => stage.daemon.stop());
  const { evidence, totals } = await gatherEvidence(stage, samples);
  const problems = [...audit(evidence, totals), ...broken];
  printAudit(terminal, evidence, totals, problems);
  if (problems.length > 0) return failure;

  if (keepsServing) {
    await using console = await openConsole(stage.databaseUrl, narrator);
    await serve(terminal, stage, console, signal);
    await narrator.stopping(() => stage.daemon.stop());
  }
  printNextSteps(terminal, keepsServing);
  return 0;
}
