import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { readSqlFiles } from "../src/migrations/sql-files.ts";
import { composeMigration } from "./compose-migration.ts";
import { readReleased, releasedFile } from "./released-migrations.ts";
import { readSchemaSources } from "./schema-sources.ts";

const usage = `pnpm migration NAME       writes the next migration from what has changed in packages/outbox/sql
pnpm migration            brings the migration that is not released yet up to date with the sources
pnpm migration --release  freezes all migrations: from then on they are never changed
`;

const root = new URL("../", import.meta.url);
const folder = new URL("migrations/", root);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { release: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
const [name, ...others] = positionals;
const migrations = await readSqlFiles();
const released = readReleased(root);
const pending = migrations.find((migration) => !(migration.name in released));

if (values.help || others.length > 0 || (values.release && name !== undefined)) {
  process.stdout.write(usage);
  process.exitCode = values.help ? 0 : 2;
} else if (values.release) {
  const checksums = migrations.map(({ name: file, text }) => [
    file,
    createHash("sha256").update(text).digest("hex"),
  ]);
  writeFileSync(new URL(releasedFile, root), `${JSON.stringify(Object.fromEntries(checksums), null, 2)}\n`);
} else {
  process.exitCode = write();
}

function write(): number {
  if (pending !== undefined && name !== undefined)
    return refuse(
      `${pending.name} is not released yet: "pnpm migration" without a name brings it up to date.`,
    );
  if (pending === undefined && (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)))
    return refuse("Name the migration by what it brings, in small letters: pnpm migration batches");
  const file = pending?.name ?? `${String(migrations.length + 1).padStart(4, "0")}_${name}`;
  const text = composeMigration(
    readSchemaSources(new URL("sql/", root)),
    migrations.filter((one) => one.name in released).map(({ text: content }) => content),
    pending?.text ?? null,
  );
  if (text === null) return refuse("Nothing in packages/outbox/sql has changed since the last migration.");
  writeFileSync(new URL(`${file}.sql`, folder), text);
  process.stdout.write(`wrote packages/outbox/migrations/${file}.sql\n`);
  return 0;
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n`);
  return 1;
}
