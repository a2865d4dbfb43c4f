/** The part of a migration that comes from one source. */
export interface MigrationSection {
  readonly path: string;
  /** Of the source's text when the section was written; {@link dropped} where the source is gone. */
  readonly hash: string;
  readonly body: string;
}

export const dropped = "dropped";

const heading = /^-- ---- (\S+) (\S+) ----$/m;

/** What precedes the first section belongs to none: it is the author's, and stays as it is. */
export function parseMigration(text: string): {
  readonly preface: string;
  readonly sections: readonly MigrationSection[];
} {
  // split() puts the two groups of the heading between the texts.
  const [preface = "", ...rest] = text.split(heading);
  const sections: MigrationSection[] = [];
  for (let i = 0; i + 2 < rest.length; i += 3) {
    const [path = "", hash = "", body = ""] = rest.slice(i, i + 3);
    sections.push({ path, hash, body: body.trim() });
  }
  return { preface: preface.trim(), sections };
}

export function formatMigration(preface: string, sections: readonly MigrationSection[]): string {
  const parts = sections.map(({ path, hash, body }) => `-- ---- ${path} ${hash} ----\n\n${body}`);
  return `${[preface, ...parts].join("\n\n\n")}\n`;
}
