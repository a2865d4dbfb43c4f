import { SyncdProcess } from "@talkme/test-syncd";

/**
 * Runs `syncd migrate`.
 *
 * @returns The migrations that it applied.
 */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const exit = await new SyncdProcess(["migrate"], { TALKME_DATABASE_URL: databaseUrl }, (line) =>
    lines.push(line),
  ).exited;
  if (exit !== 0) throw new Error(`syncd migrate failed (${exit}):\n${lines.join("\n")}`);
  return lines.flatMap((line) => /^applied (\S+)$/.exec(line)?.[1] ?? []);
}
