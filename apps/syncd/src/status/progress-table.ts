import type { BatchProgress, CampaignProgress, Progress } from "@talkme/outbox/daemon";

import { cells, heads } from "../language/screens/status.ts";
import type { Text } from "../language/text.ts";
import { Words } from "../language/words.ts";
import { textTable } from "../text/text-table.ts";
import { shortened } from "../text/wrapped.ts";
import type { View } from "./view.ts";

/** One line: whose it is, its numbers, and what stands for its end. */
interface Line extends Omit<Progress, "expired" | "cancelled" | "paused" | "expectedEndSeconds"> {
  readonly name: string;
  readonly isEstimate: boolean;
  readonly end: Text | null;
}

const nothing = { due: 0, held: 0, sending: 0, sent: 0, unknown: 0, failed: 0, ratePerSecond: 0 };
const shortestName = 10;

export function campaignsTable(
  campaigns: readonly CampaignProgress[],
  others: (Omit<Line, "name" | "isEstimate" | "end"> & { readonly campaigns: number }) | null,
  view: View,
): string {
  const several = new Set(campaigns.map(({ account }) => account)).size > 1;
  const lines = campaigns.map((campaign): Line => {
    const { account, idCampanha, name, sentIsEstimate } = campaign;
    const number = idCampanha ?? cells.channelsOnly(account).in(view.language);
    const whose = several && idCampanha !== null ? `${account}/${number}` : number;
    const title = name === null ? whose : `${whose} ${name}`;
    return { ...campaign, name: title, isEstimate: sentIsEstimate, end: endOf(campaign, view) };
  });
  if (others !== null) {
    const name = cells.other(others.campaigns).in(view.language);
    const isEstimate = campaigns.some(({ sentIsEstimate }) => sentIsEstimate);
    lines.push({ ...others, name, isEstimate, end: null });
  }
  return progressTable(heads.campaign, lines, view);
}

export function batchesTable(
  batches: readonly BatchProgress[],
  others: { readonly batches: number; readonly pending: number },
  view: View,
): string {
  const lines = batches.map((batch): Line => {
    const end = batch.paused ? cells.paused : expectedEnd(batch, view);
    return { ...batch, name: `${batch.id} ${batch.name}`, isEstimate: false, end };
  });
  if (others.batches > 0) {
    const name = cells.otherBatches(others.batches).in(view.language);
    lines.push({ ...nothing, pending: others.pending, name, isEstimate: false, end: null });
  }
  return progressTable(heads.batch, lines, view);
}

function endOf(campaign: CampaignProgress, view: View): Text | null {
  const { active, paused, pending, opensAtSeconds: opens } = campaign;
  if (!active) return cells.inactive;
  if (pending > 0 && paused) return cells.paused;
  if (pending > 0 && opens !== null) return cells.opens(new Date(opens * 1000), view.now);
  return expectedEnd(campaign, view);
}

function expectedEnd({ expectedEndSeconds: end }: Progress, { now }: View): Text | null {
  return end === null ? null : cells.time(new Date(end * 1000), now);
}

/** Columns that hold nothing are left out, and names are cut to what room is left. */
function progressTable(head: Text, lines: readonly Line[], { language, columns }: View): string {
  if (lines.length === 0) return "";
  const words = new Words(language);
  const some = (count: number): string => (count === 0 ? "" : words.number(count));
  const numbers: readonly (readonly [Text, (line: Line) => string, boolean])[] = [
    [
      heads.sent,
      ({ sent, isEstimate }) => (isEstimate ? cells.about(sent).in(language) : words.number(sent)),
      true,
    ],
    [heads.due, ({ due, sending }) => words.number(due + sending), true],
    [heads.later, ({ pending, due, held }) => some(Math.max(0, pending - due - held)), false],
    [heads.held, ({ held }) => some(held), false],
    [heads.failed, ({ failed }) => some(failed), false],
    [heads.perhaps, ({ unknown }) => some(unknown), false],
    [heads.perSecond, ({ ratePerSecond }) => some(ratePerSecond), true],
    [heads.ends, ({ end }) => end?.in(language) ?? "", false],
  ];
  const shown = numbers.filter(([, cell, always]) => always || lines.some((line) => cell(line) !== ""));
  const table = lines.map((line) => shown.map(([, cell]) => cell(line)));
  const titles = shown.map(([title]) => title.in(language));
  const taken = titles.reduce(
    (sum, title, column) =>
      sum + 2 + Math.max(title.length, ...table.map((row) => (row[column] ?? "").length)),
    0,
  );
  const room = Math.max(shortestName, columns - taken);
  return textTable(
    [head.in(language), ...titles],
    lines.map(({ name }, place) => [shortened(name, room), ...(table[place] ?? [])]),
    new Set(titles.map((_title, column) => column + 1)),
  );
}
