import { spreadOf, verdictOf, type Ratio, type Verdict } from "../measure/ratio.ts";

const rowHeight = 30;
const labelWidth = 250;
const plotWidth = 470;
const topMargin = 46;
/** How far beyond its goal a bar can be shown. */
const longest = 2;

const colours: Readonly<Record<Verdict, string>> = {
  reached: "#2f7d5b",
  missed: "#b4462f",
  "no goal": "#7a7a7a",
};

/** Each ratio as a share of its goal, with its spread; the goal is reached right of the line. */
export function toPlot(ratios: readonly Ratio[]): string {
  const shown = ratios.filter(({ goal }) => goal !== null);
  const height = topMargin + shown.length * rowHeight + 16;
  const width = labelWidth + plotWidth + 90;
  const goalX = labelWidth + plotWidth / longest;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${goalX}" y="20" text-anchor="middle" fill="#333333">the goal</text>`,
    `<text x="${goalX + 40}" y="36" fill="#777777" font-size="11">better →</text>`,
    ...shown.map((ratio, row) => bar(ratio, topMargin + row * rowHeight)),
    `<line x1="${goalX}" y1="26" x2="${goalX}" y2="${height - 10}" stroke="#333333" stroke-dasharray="4 3"/>`,
    "</svg>",
    "",
  ].join("\n");
}

function bar(ratio: Ratio, y: number): string {
  const { median, least, greatest } = spreadOf(ratio);
  const middle = y + rowHeight / 2;
  const from = positionOf(ratio, least);
  const to = positionOf(ratio, greatest);
  const aim = ratio.goal?.aim ?? null;
  return [
    `<text x="${labelWidth - 10}" y="${middle + 4}" text-anchor="end" fill="#222222">${ratio.name}</text>`,
    `<rect x="${labelWidth}" y="${y + 6}" width="${positionOf(ratio, median) - labelWidth}" height="${rowHeight - 12}" fill="${colours[verdictOf(ratio)]}"/>`,
    `<line x1="${from}" y1="${middle}" x2="${to}" y2="${middle}" stroke="#111111" stroke-width="1.5"/>`,
    ...(aim === null
      ? []
      : [`<circle cx="${positionOf(ratio, aim)}" cy="${middle}" r="3.5" fill="#ffffff" stroke="#111111"/>`]),
    `<text x="${labelWidth + plotWidth + 10}" y="${middle + 4}" fill="#222222">${median.toPrecision(3)}</text>`,
  ].join("\n");
}

/** The position of a value: the goal in the middle, better to the right, for rates and costs. */
function positionOf({ goal }: Ratio, value: number): number {
  const limit = goal?.limit ?? 1;
  const share = goal?.kind === "at most" ? limit / value : value / limit;
  return labelWidth + (Math.min(longest, share) / longest) * plotWidth;
}
