import { spawn, type ChildProcessByStdio } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

import { installedVersions } from "@talkme/test-postgres";
import { neutralEnvironment } from "@talkme/test-syncd";

export type SqlShell = ChildProcessByStdio<Writable, Readable, Readable>;

/** The program that runs a producer's SQL. */
export interface SqlShellProgram {
  readonly name: "psql" | "pg";
  /** Without the connection, which is in the environment. */
  readonly command: readonly [program: string, ...args: string[]];
}

/** The stand-in for machines without psql: a process with the same input and output. */
export const standIn: SqlShellProgram = {
  name: "pg",
  command: [
    process.execPath,
    "--conditions=@talkme/source",
    fileURLToPath(new URL("stand-in.ts", import.meta.url)),
  ],
};

/** The psql of this machine, if it has one. */
export function findPsql(): SqlShellProgram | null {
  const program = installedVersions()
    .map(({ folder }) => `${folder}/psql`)
    .find((path) => existsSync(path));
  return program === undefined ? null : { name: "psql", command: [program, "-X", "-q", "-A", "-t"] };
}

/** Starts it, connected to the URL. */
export function spawnSqlShell(
  { command: [program, ...args] }: SqlShellProgram,
  databaseUrl: string,
): SqlShell {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  return spawn(program, args, {
    env: {
      ...neutralEnvironment(),
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: password,
      PGDATABASE: pathname.slice(1),
      PGAPPNAME: "producer",
    },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
}
