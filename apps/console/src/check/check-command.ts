import type { Settings } from "../config/settings.ts";
import { openDatabase } from "../database/database.ts";
import type { Terminal } from "../terminal.ts";
import { findObstacles } from "./find-obstacles.ts";

const levelColumns = 8;

/** Prints each finding on a line of its own. @returns Whether there is no problem. */
export async function checkConsole({ databaseUrl, login }: Settings, terminal: Terminal): Promise<boolean> {
  const { db, close } = openDatabase(databaseUrl, () => {});
  try {
    const findings = await findObstacles(db, login.kind);
    for (const { level, text, names = [] } of findings)
      terminal.out(`${level.padEnd(levelColumns)} ${[text, names.join(", ")].filter(Boolean).join(" ")}\n`);
    return findings.every(({ level }) => level !== "problem");
  } finally {
    await close();
  }
}
