import { readFile } from "node:fs/promises";

export interface Recipe {
  /** Its place on the page, from 0. */
  readonly nth: number;
  readonly heading: string;
  /** What is typed into psql, block by block. */
  readonly script: readonly string[];
  /** The file that the script reads. */
  readonly file: { readonly name: string; readonly text: string } | null;
  /** The lines that the page shows as psql's answer; `…` stands for what is left out. */
  readonly shown: readonly RegExp[];
}

/** The recipes of a page of docs: what stands under each heading. */
export async function recipesOf(page: string): Promise<readonly Recipe[]> {
  const text = await readFile(new URL(`../../../../docs/${page}`, import.meta.url), "utf8");
  return text
    .split(/^## /m)
    .slice(1)
    .map((section, nth) => {
      const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
      const of = (...languages: readonly string[]): readonly string[] =>
        blocks.filter(([, language = ""]) => languages.includes(language)).map(([, , block = ""]) => block);
      const script = of("sql", "psql");
      const [, name] = /\\copy .*? from '([^']+)'/.exec(script.join("\n")) ?? [];
      const csv = of("csv").join("");
      return {
        nth,
        heading: section.slice(0, section.indexOf("\n")),
        script,
        file: name === undefined ? null : { name, text: csv },
        shown: of("text")
          .flatMap((block) => block.trimEnd().split("\n").slice(2))
          .map(asPattern),
      };
    });
}

function asPattern(line: string): RegExp {
  const words = line
    .trim()
    .split(/\s+/)
    .map((word) =>
      word
        .split("…")
        .map((part) => RegExp.escape(part))
        .join(".*"),
    );
  return new RegExp(words.join("\\s+"));
}
