import { SyncdProcess } from "@talkme/test-syncd";

/** Runs `syncd migrate`. */
export async function migrate(databaseUrl: string): Promise<void> {
  const lines: string[] = [];
  const exit = await new SyncdProcess(["migrate"], { TALKME_DATABASE_URL: databaseUrl }, (line) =>
    lines.push(line),
  ).exited;
  if (exit !== 0) throw new Error(`syncd migrate failed (${exit}):\n${lines.join("\n")}`);
}
