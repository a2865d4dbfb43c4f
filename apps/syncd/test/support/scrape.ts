import type { Syncd } from "./syncd.ts";

/** The daemon's metrics, by name and labels. */
export async function scrape(syncd: Syncd): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${await syncd.http()}/metrics`);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}
