import type { OutboxRow } from "../rows/outbox.ts";
import type { RowsListener } from "../rows/watch-rows.ts";
import { outcomeText, progressText } from "./outcome-text.ts";
import { colourOf } from "./status-words.ts";
import type { Terminal } from "./terminal.ts";
import { wrapped } from "./wrapped.ts";

const statusColumns = 10;

/** Prints what becomes of rows, one line for each change. */
export function printRows(terminal: Terminal): RowsListener {
  const print = (row: OutboxRow, text: string): void => {
    const begin = `row ${row.id}  `;
    const [first = "", ...more] = wrapped(text, terminal.columns - begin.length - statusColumns);
    const status = terminal.paint(colourOf(row.status), row.status.padEnd(statusColumns));
    terminal.line(`${begin}${status}${first}`);
    for (const line of more) terminal.line(`${" ".repeat(begin.length + statusColumns)}${line}`);
  };
  return {
    changed: (row) => print(row, row.status === "pending" ? progressText(row) : outcomeText(row)),
    waits: print,
    many: (rows) => {
      const counts = new Map<string, number>();
      for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
      const text = [...counts].map(([status, count]) => `${count} ${status}`).join(", ");
      terminal.line(`rows ${rows[0]?.id} to ${rows.at(-1)?.id}  ${text}`);
    },
  };
}
