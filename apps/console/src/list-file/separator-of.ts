/** In the order of preference where a heading has as many of each. */
const separators = [";", "\t", ",", "|"] as const;

export type Separator = (typeof separators)[number];

/**
 * The separator of a file, from its line of headings: lines of data may have commas in their amounts (`R$ 10,00`), headings
 * rarely. Quoted ones do not count. A heading without any has one column.
 */
export function separatorOf(heading: string): Separator {
  const bare = heading.replaceAll(/"(?:[^"]|"")*"/g, "");
  const counts = separators.map((separator) => bare.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ";";
}
