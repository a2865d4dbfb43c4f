import { once } from "node:events";

import { statuses } from "@talkme/outbox";

import { colourOf } from "./printing/status-words.ts";
import type { Terminal } from "./printing/terminal.ts";
import { samples } from "./rows/samples.ts";
import { Interrupted } from "./stage/interruption.ts";
import { campaignNotes } from "./stage/scripted-api.ts";
import type { Stage } from "./stage/stage.ts";

const nameColumns = 10;

/**
 * Keeps everything running until a signal comes, and shows what the daemon does.
 *
 * @throws The reason, if it is not a signal but the daemon's death.
 */
export async function serve(terminal: Terminal, stage: Stage, signal: AbortSignal): Promise<void> {
  printManual(terminal, stage);
  stage.daemon.onEvent((event) => {
    if (event.kind !== "row") return;
    const status = statuses.find((name) => name === event.status);
    const shown = status === undefined ? event.status : terminal.paint(colourOf(status), status);
    terminal.line(`row ${event.id}  ${shown}${event.code === null ? "" : `  ${event.code}`}`);
  });
  // Keeps the process alive by itself, whatever the servers do.
  if (!signal.aborted) await once(signal, "abort");
  if (!(signal.reason instanceof Interrupted)) throw signal.reason;
  terminal.line();
}

function printManual(terminal: Terminal, stage: Stage): void {
  const [first] = samples;
  const entries: readonly (readonly [name: string, text: string])[] = [
    ["database", stage.databaseUrl],
    ["", "for psql or any other PostgreSQL client"],
    ["insert", first?.sql.replace(/, dedupe_key|, 'order 42 shipped'/g, "") ?? ""],
    ["look", "select id, status, attempts, error_code, error from talkme.outbox order by id;"],
    ...campaignNotes.map(
      ([campaign, note], index) =>
        [index === 0 ? "campaigns" : "", `${campaign.padEnd(6)}  ${note}`] as const,
    ),
    ["metrics", `${stage.daemon.httpUrl}/metrics`],
    ["ledger", `${stage.simulator.url}/__simulator/ledger`],
  ];
  terminal.line();
  terminal.line(terminal.paint("bold", "Everything is still running. Try it:"));
  terminal.line();
  for (const [name, text] of entries) {
    for (const [index, line] of text.split("\n").entries()) {
      terminal.line(`  ${terminal.paint("dim", (index === 0 ? name : "").padEnd(nameColumns))}${line}`);
    }
  }
  terminal.line();
  terminal.line("What the daemon does with your rows appears below. Ctrl-C stops everything.");
  terminal.line();
}
