import { LoggedProcess } from "./logged-process.ts";

/** Runs `syncd migrate`. @throws with its last lines, if it fails. */
export async function migrate(databaseUrl: string): Promise<void> {
  const migration = new LoggedProcess("migrate", { TALKME_DATABASE_URL: databaseUrl });
  const exit = await migration.exited;
  if (exit !== 0) throw new Error(`syncd migrate failed (${exit}):\n${migration.tail()}`);
}
