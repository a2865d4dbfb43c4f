import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

import type { TestContext } from "vitest";

import { needDebianProgram } from "./need-debian-program.ts";

/** Runs a script through psql, as a DBA does. Skips the test if psql is unavailable. */
export async function runPsql(
  context: Pick<TestContext, "skip">,
  databaseUrl: string,
  script: string,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { path, env } = await needDebianProgram(
    context,
    "postgresql-client-15",
    "usr/lib/postgresql/15/bin/psql",
  );
  const psql = spawn(path, ["--no-psqlrc", "--quiet", databaseUrl], { env: { ...process.env, ...env } });
  // psql may stop reading at the first error.
  psql.stdin.on("error", () => {});
  psql.stdin.end(script);
  const closed = new Promise<number>((resolve, reject) => {
    psql.once("error", reject);
    psql.once("close", (code) => resolve(code ?? -1));
  });
  const [code, out, err] = await Promise.all([closed, text(psql.stdout), text(psql.stderr)]);
  return { code, out, err };
}
