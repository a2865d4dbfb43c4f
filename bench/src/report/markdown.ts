import { spreadOf, verdictOf, type Goal, type Ratio, type Series } from "../measure/ratio.ts";
import type { Report } from "./report.ts";
import type { Table } from "./table.ts";

/** The report as tables: every ratio, then the figures behind it. */
export function toMarkdown({
  startedAt,
  scale,
  rounds,
  machine,
  postgres,
  loadAfter,
  ratios,
  tables,
}: Report): string {
  const settings = Object.entries(postgres.settings).map(([name, value]) => `\`${name}=${value}\``);
  return [
    `# Benchmark of ${startedAt}`,
    "",
    `${scale} form, ${rounds} rounds, taking turns. ${machine.processors} processors (${machine.model}), ` +
      `${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, PostgreSQL ${postgres.version} with ` +
      `${settings.join(", ")}. PostgreSQL, the API's stand-in and the program share the processors. ` +
      `Load average before ${machine.loadBefore.toFixed(2)}, after ${loadAfter.toFixed(2)}.`,
    "",
    ...(ratios.length === 0 ? [] : ratioTables(ratios)),
    ...tables.flatMap(tableLines),
  ].join("\n");
}

function ratioTables(ratios: readonly Ratio[]): readonly string[] {
  return [
    "| what | ratio (least – greatest) | goal | |",
    "| --- | --- | --- | --- |",
    ...ratios.map(ratioRow),
    "",
    "| what | how | of | over |",
    "| --- | --- | --- | --- |",
    ...ratios.map(
      ({ name, how, of, over }) =>
        `| ${name} | ${how} | ${figures(of)} | ${over === null ? "" : figures(over)} |`,
    ),
    "",
  ];
}

function tableLines({ name, how, columns, rows }: Table): readonly string[] {
  return [`**${name}**: ${how}`, "", line(columns), line(columns.map(() => "---")), ...rows.map(line), ""];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function ratioRow(ratio: Ratio): string {
  const { median, least, greatest } = spreadOf(ratio);
  const value = `**${number(median)}** (${number(least)} – ${number(greatest)})`;
  return `| ${ratio.name} | ${value} | ${goalText(ratio.goal)} | ${verdictOf(ratio)} |`;
}

function goalText(goal: Goal | null): string {
  if (goal === null) return "";
  return `${goal.kind} ${goal.limit}${goal.aim === null ? "" : `, aim ${goal.aim}`}`;
}

function figures({ label, unit, values }: Series): string {
  return `${label}: ${values.map(number).join(", ")} ${unit}`;
}

function number(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
