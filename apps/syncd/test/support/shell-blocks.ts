/** A fenced block of shell of a Markdown page. */
export interface ShellBlock {
  readonly script: string;
  /** The word after `sh`, which says for whom it is. */
  readonly mark: string;
  /** Where it begins, for failure messages. */
  readonly line: number;
}

/** The shell blocks of a Markdown page, in order. */
export function shellBlocks(markdown: string): readonly ShellBlock[] {
  return [...markdown.matchAll(/^```sh *(\w*)\n(.*?)^```$/gms)].map(
    ({ index, 1: mark = "", 2: script = "" }) => ({
      script,
      mark,
      line: markdown.slice(0, index).split("\n").length,
    }),
  );
}
