// The part of psql that a producer uses, for machines without it: statements on standard input, each followed by a line
// `\echo …`; rows and that line, filled in, on standard output; ends when its connection is lost.
import { createInterface } from "node:readline";

import { Client, DatabaseError } from "pg";

const connectionLost = 2;

const client = new Client();
client.on("error", () => process.exit(connectionLost));
await client.connect().catch(() => process.exit(connectionLost));

let statement = "";
for await (const line of createInterface({ input: process.stdin })) {
  if (!line.startsWith("\\echo ")) {
    statement += `${line}\n`;
    continue;
  }
  const [isError, state] = await run(statement);
  statement = "";
  process.stdout.write(
    `${line.slice("\\echo ".length).replace(":ERROR", String(isError)).replace(":SQLSTATE", state)}\n`,
  );
}
await client.end();

async function run(text: string): Promise<readonly [isError: boolean, sqlState: string]> {
  try {
    const { rows } = await client.query<unknown[]>({ text, rowMode: "array" });
    for (const row of rows) process.stdout.write(`${row.map(String).join("|")}\n`);
    return [false, "00000"];
  } catch (error) {
    // A server that shuts down says so before it closes the connection.
    const isAlive = error instanceof DatabaseError && error.severity !== "FATAL";
    if (!isAlive) process.exit(connectionLost);
    return [true, error.code ?? "XX000"];
  }
}
