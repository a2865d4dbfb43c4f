import type { Shortcut } from "@talkme/sql-prompt";

import { campaignNotes } from "../stage/scripted-api.ts";
import { accounts, type OpenConsole } from "../stage/open-console.ts";
import type { Stage } from "../stage/stage.ts";
import type { Terminal } from "./terminal.ts";

const nameColumns = 11;

/** Prints what is running, and what to type. */
export function printManual(
  terminal: Terminal,
  stage: Stage,
  console: OpenConsole,
  shortcuts: readonly Shortcut[],
): void {
  const words = shortcuts.map(({ word, argument = "" }) => `${word} ${argument}`.trim()).join(", ");
  const entries: readonly (readonly [name: string, text: string])[] = [
    ["type", `${words}, help, quit`],
    ["", "or any SQL with a semicolon at its end:"],
    ["", "insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 102);"],
    ...campaignNotes.map(
      ([campaign, note], index) =>
        [index === 0 ? "campaigns" : "", `${campaign.padEnd(6)}  ${note}`] as const,
    ),
    [
      "console",
      `${console.url}  log in as ${accounts.map(({ name }) => name).join(" or ")}, password ${console.password}`,
    ],
    ["database", stage.databaseUrl],
    ["metrics", `${stage.daemon.httpUrl}/metrics`],
    ["ledger", `${stage.simulator.url}/__simulator/ledger`],
  ];
  terminal.line();
  terminal.line(terminal.paint("bold", "Everything is still running. Try it:"));
  terminal.line();
  for (const [name, text] of entries) {
    terminal.line(`  ${terminal.paint("dim", name.padEnd(nameColumns))}${text}`);
  }
  terminal.line();
  terminal.line("What becomes of your rows appears as it happens. Ctrl-C stops everything.");
  terminal.line();
}
