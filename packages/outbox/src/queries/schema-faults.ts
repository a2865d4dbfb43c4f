import { sql, type Kysely } from "kysely";

import { readExpectedObjects, type ExpectedObjects } from "../migrations/expected-objects.ts";
import type { OutboxDatabase } from "../schema.ts";
import { readSchemaFacts, type SchemaFacts } from "./schema-facts.ts";

/** Something in the database that differs from what the migrations made, or keeps it from working. */
export interface SchemaFault {
  /** The name that `check` gives it. */
  readonly subject:
    | "session"
    | "owners"
    | "security"
    | "triggers"
    | "indexes"
    | "functions"
    | "tables"
    | "sequences";
  /** `stops`: nothing can be sent. `breaks`: a promise does not hold. `slows`: all works, and takes longer. */
  readonly effect: "stops" | "breaks" | "slows";
  readonly detail: string;
  /** SQL, or a sentence. */
  readonly remedy: string;
}

/** How the database compares with what the migrations made. */
export interface SchemaInspection {
  readonly faults: readonly SchemaFault[];
  /** Foreign triggers on our tables: they may slow down, change or refuse what syncd writes. */
  readonly foreignTriggers: readonly string[];
}

/** Finds all of it. Needs no privilege beyond the daemon's. */
export async function inspectSchema(db: Kysely<OutboxDatabase>): Promise<SchemaInspection> {
  const [facts, expected] = [await readSchemaFacts(db), await readExpectedObjects()];
  const faults = [
    ...sessionFaults(facts),
    ...ownerFaults(facts),
    ...securityFaults(facts, expected),
    ...triggerFaults(facts, expected),
    ...indexFaults(facts, expected),
    ...functionFaults(facts, expected),
    ...tableFaults(facts),
    ...(await sequenceFaults(db)),
  ];
  return { faults, foreignTriggers: foreignTriggers(facts, expected) };
}

function foreignTriggers({ triggers }: SchemaFacts, expected: ExpectedObjects): readonly string[] {
  const ours = new Set(expected.triggers.map(({ table, name }) => `${table} ${name}`));
  return triggers
    .filter(({ table, name }) => !ours.has(`${table} ${name}`))
    .map(({ table, name, calls }) => `${name} on ${table} (${calls})`);
}

function fault(
  subject: SchemaFault["subject"],
  effect: SchemaFault["effect"],
  detail: string,
  remedy: string,
): SchemaFault {
  return { subject, effect, detail, remedy };
}

function sessionFaults({
  user,
  rowSecurity,
  replicationRole,
  shadowing,
}: SchemaFacts): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  const reset = (name: string): string =>
    `alter role ${user} reset ${name}; or, where the database sets it: alter database … reset ${name}; then reconnect.`;
  if (!rowSecurity) {
    const found = "row_security is off: PostgreSQL refuses every statement on talkme.outbox.";
    faults.push(fault("session", "stops", found, reset("row_security")));
  }
  if (replicationRole !== "origin") {
    const found = `session_replication_role is ${replicationRole}: the triggers of the outbox do not fire for what this user writes.`;
    faults.push(fault("session", "breaks", found, reset("session_replication_role")));
  }
  if (shadowing.length > 0) {
    const found = `search_path puts before PostgreSQL's own: ${shadowing.join(", ")}. Statements would not mean what they say.`;
    faults.push(fault("session", "stops", found, reset("search_path")));
  }
  return faults;
}

function ownerFaults({ owners, powerless }: SchemaFacts): readonly SchemaFault[] {
  if (owners.length < 2) return [];
  const [most] = owners.toSorted((a, b) => b.objects.length - a.objects.length);
  return owners
    .filter((one) => one !== most)
    .map(({ owner, objects }) => {
      const shown = `${objects.slice(0, 5).join(", ")}${objects.length > 5 ? ` and ${objects.length - 5} more` : ""}`;
      const powers = powerless.length === 0 ? "" : ` Functions cannot use ${powerless.join(", ")} any more.`;
      return fault(
        "owners",
        powerless.length > 0 ? "stops" : "breaks",
        `${shown} belong to ${owner}, and the rest of the schema talkme to ${most?.owner ?? ""}: functions run with the rights of their owner.${powers}`,
        `Give everything to one role: reassign owned by ${owner} to ${most?.owner ?? "…"}; or alter table, alter function … owner to ….`,
      );
    });
}

function securityFaults(
  { relations, policies }: SchemaFacts,
  expected: ExpectedObjects,
): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  for (const { name, secured, forced } of relations) {
    if (secured && !expected.securedTables.includes(name)) {
      const found = `row level security was enabled on ${name}: syncd sees none of its rows.`;
      faults.push(fault("security", "stops", found, `alter table ${name} disable row level security;`));
    }
    if (!secured && expected.securedTables.includes(name)) {
      const found = `row level security was disabled on ${name}: producers see the rows of others.`;
      faults.push(fault("security", "breaks", found, `alter table ${name} enable row level security;`));
    }
    if (forced) {
      const found = `row level security is forced on ${name}, for its owner too: functions see less than they have to.`;
      faults.push(fault("security", "breaks", found, `alter table ${name} no force row level security;`));
    }
  }
  const names = new Set(policies.map(({ name }) => name));
  for (const name of expected.policies.filter((one) => !names.has(one))) {
    const effect = name.endsWith("_everybody") ? "stops" : "breaks";
    const remedy = "Create it again: syncd migrate --print on an empty database has its statement.";
    faults.push(fault("security", effect, `the policy ${name} is missing.`, remedy));
  }
  for (const { name, table } of policies.filter((one) => !expected.policies.includes(one.name))) {
    const found = `somebody has put the policy ${name} on ${table}: it may hide rows from syncd.`;
    faults.push(fault("security", "breaks", found, `drop policy ${name} on ${table};`));
  }
  return faults;
}

const modes: Readonly<Record<string, string>> = { O: "enable", A: "enable always", R: "enable replica" };

function triggerFaults({ triggers }: SchemaFacts, expected: ExpectedObjects): readonly SchemaFault[] {
  return expected.triggers.flatMap(({ table, name, mode }) => {
    const actual = triggers.find((one) => one.table === table && one.name === name);
    if (actual === undefined) {
      const remedy = `Create it again: syncd migrate --print on an empty database shows it.`;
      return [fault("triggers", "breaks", `${name} on ${table} is missing.`, remedy)];
    }
    // One that fires for replication as well was asked to do more, not less.
    if (actual.mode === mode || (actual.mode === "A" && mode !== "A")) return [];
    const found =
      actual.mode === "D"
        ? `${name} on ${table} is disabled: rows come in unchecked, and without the recipient that suppression goes by.`
        : `${name} on ${table} no longer fires for ${actual.mode === "O" ? "replication" : "applications"}.`;
    return [fault("triggers", "breaks", found, `alter table ${table} ${modes[mode]} trigger ${name};`)];
  });
}

/** An invalid unique index lets a second row in. listUnhealthyRelations finds other invalid ones. */
function indexFaults({ indexes }: SchemaFacts, expected: ExpectedObjects): readonly SchemaFault[] {
  return expected.indexes.flatMap(({ name, unique }) => {
    const actual = indexes.find((one) => one.name === name);
    if (actual === undefined) {
      const found = `talkme.${name} is missing: ${unique ? "nothing keeps rows unique" : "whole tables are read"}.`;
      const remedy = "Create it again: syncd migrate --print on an empty database shows how.";
      return [fault("indexes", unique ? "breaks" : "slows", found, remedy)];
    }
    if (actual.valid || !unique) return [];
    const found = `talkme.${name} is invalid: nothing keeps rows unique.`;
    return [fault("indexes", "breaks", found, `reindex index concurrently talkme.${name};`)];
  });
}

function functionFaults({ functions }: SchemaFacts, expected: ExpectedObjects): readonly SchemaFault[] {
  const remedy = "Take what syncd migrate --print shows on an empty database, of the version that runs.";
  const missing = [...expected.functions.keys()].filter((name) =>
    functions.every((one) => one.name !== name),
  );
  const replaced = functions.filter(({ name, body }) => {
    const bodies = expected.functions.get(name);
    return body !== null && bodies !== undefined && !bodies.includes(body);
  });
  return [
    ...missing.map((name) => fault("functions", "stops", `the function talkme.${name} is missing.`, remedy)),
    ...replaced.map(({ name }) => {
      const found = `the function talkme.${name} was replaced by another one.`;
      return fault("functions", "breaks", found, remedy);
    }),
  ];
}

function tableFaults({ relations, rules }: SchemaFacts): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  for (const { name, persistent, unidentified } of relations) {
    if (!persistent) {
      const found = `${name} is unlogged: a crash of the server empties it.`;
      faults.push(fault("tables", "breaks", found, `alter table ${name} set logged;`));
    }
    if (unidentified) {
      const found = `${name} is published for logical replication without a replica identity: PostgreSQL refuses each update.`;
      faults.push(fault("tables", "stops", found, `alter table ${name} replica identity default;`));
    }
  }
  for (const { name, table } of rules) {
    const found = `somebody has put the rule ${name} on ${table}: what syncd writes may not arrive.`;
    faults.push(fault("tables", "breaks", found, `drop rule ${name} on ${table};`));
  }
  return faults;
}

async function sequenceFaults(db: Kysely<OutboxDatabase>): Promise<readonly SchemaFault[]> {
  const { rows } = await sql<{ relation: string; sequence: string; highest: string }>`
    select relation, sequence, highest from talkme.sequences_behind()
  `.execute(db);
  return rows.map(({ relation, sequence, highest }) =>
    fault(
      "sequences",
      "breaks",
      `${sequence} is behind the rows of ${relation}, as after a cut-over by logical replication: inserts fail.`,
      `select setval('${sequence}', ${highest});`,
    ),
  );
}
