import type { Table } from "../report/table.ts";
import type { Cell } from "./run-cell.ts";

/** The rounds of one queue under one disturbance. */
export interface CellRounds {
  readonly disturbance: string;
  readonly queue: string;
  readonly rounds: readonly Cell[];
}

/** One line for each queue and disturbance, each value with those of all rounds. */
export function recoveryTable(how: string, cells: readonly CellRounds[]): Table {
  return {
    name: "recovery",
    how,
    columns: [
      "disturbance",
      "queue",
      "messages/s before",
      "during",
      "lost",
      "twice",
      "unknown",
      "left waiting",
      "ended by itself",
      "first message after, s",
      "80 % of the rate after, s",
    ],
    rows: cells.map(({ disturbance, queue, rounds }) => {
      const each = (show: (cell: Cell) => string): string => rounds.map(show).join(", ");
      return [
        disturbance,
        queue,
        each(({ before }) => before.toFixed(0)),
        each(({ during }) => during?.toFixed(0) ?? "–"),
        each(({ lost }) => String(lost)),
        each(({ twice }) => String(twice)),
        each(({ unknown }) => String(unknown)),
        each(({ waiting }) => String(waiting)),
        each(({ endedByItself }) => String(endedByItself)),
        each(({ firstSeconds }) => firstSeconds?.toFixed(1) ?? "never"),
        each(({ wholeSeconds }) => wholeSeconds?.toFixed(1) ?? "never"),
      ];
    }),
  };
}
