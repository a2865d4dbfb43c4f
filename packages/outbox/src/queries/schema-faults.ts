import { sql, type Kysely } from "kysely";

import { readExpectedObjects, type ExpectedObjects } from "../migrations/expected-objects.ts";
import type { OutboxDatabase } from "../schema.ts";
import { readSchemaFacts, type SchemaFacts } from "./schema-facts.ts";

/** What differs from what the migrations made, or keeps it from working; the daemon has the words for it. */
export type SchemaDifference =
  | { readonly kind: "row_security_off"; readonly user: string }
  | { readonly kind: "replication_role"; readonly user: string; readonly role: string }
  | { readonly kind: "search_path"; readonly user: string; readonly before: readonly string[] }
  | {
      readonly kind: "several_owners";
      readonly owner: string;
      readonly objects: readonly string[];
      /** Who owns the rest. */
      readonly other: string;
      /** What functions cannot use any more for it. */
      readonly powerless: readonly string[];
    }
  | { readonly kind: "rows_hidden" | "rows_open" | "security_forced"; readonly table: string }
  | { readonly kind: "policy_missing"; readonly policy: string }
  | { readonly kind: "policy_added"; readonly policy: string; readonly table: string }
  | { readonly kind: "trigger_missing"; readonly trigger: string; readonly table: string }
  | {
      readonly kind: "trigger_silent";
      readonly trigger: string;
      readonly table: string;
      /** For whose writes it no longer fires. */
      readonly writes: "all" | "replication" | "applications";
      /** As ALTER TABLE has it: `enable always`. */
      readonly mode: string;
    }
  | { readonly kind: "index_missing"; readonly index: string; readonly unique: boolean }
  | { readonly kind: "index_invalid"; readonly index: string }
  | { readonly kind: "function_missing" | "function_replaced"; readonly name: string }
  | { readonly kind: "table_unlogged" | "table_unidentified"; readonly table: string }
  | { readonly kind: "rule_added"; readonly rule: string; readonly table: string }
  | {
      readonly kind: "sequence_behind";
      readonly sequence: string;
      readonly relation: string;
      readonly highest: string;
    };

/** A difference, and how much it matters. */
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
  readonly difference: SchemaDifference;
}

/** How the database compares with what the migrations made. */
interface SchemaInspection {
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
  difference: SchemaDifference,
): SchemaFault {
  return { subject, effect, difference };
}

function sessionFaults({
  user,
  rowSecurity,
  replicationRole,
  shadowing,
}: SchemaFacts): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  if (!rowSecurity) faults.push(fault("session", "stops", { kind: "row_security_off", user }));
  if (replicationRole !== "origin")
    faults.push(fault("session", "breaks", { kind: "replication_role", user, role: replicationRole }));
  if (shadowing.length > 0)
    faults.push(fault("session", "stops", { kind: "search_path", user, before: shadowing }));
  return faults;
}

function ownerFaults({ owners, powerless }: SchemaFacts): readonly SchemaFault[] {
  if (owners.length < 2) return [];
  const [most] = owners.toSorted((a, b) => b.objects.length - a.objects.length);
  return owners
    .filter((one) => one !== most)
    .map(({ owner, objects }) =>
      fault("owners", powerless.length > 0 ? "stops" : "breaks", {
        kind: "several_owners",
        owner,
        objects,
        other: most?.owner ?? "",
        powerless,
      }),
    );
}

function securityFaults(
  { relations, policies }: SchemaFacts,
  expected: ExpectedObjects,
): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  for (const { name: table, secured, forced } of relations) {
    const isOurs = expected.securedTables.includes(table);
    if (secured && !isOurs) faults.push(fault("security", "stops", { kind: "rows_hidden", table }));
    if (!secured && isOurs) faults.push(fault("security", "breaks", { kind: "rows_open", table }));
    if (forced) faults.push(fault("security", "breaks", { kind: "security_forced", table }));
  }
  const names = new Set(policies.map(({ name }) => name));
  for (const policy of expected.policies.filter((one) => !names.has(one))) {
    const effect = policy.endsWith("_everybody") ? "stops" : "breaks";
    faults.push(fault("security", effect, { kind: "policy_missing", policy }));
  }
  for (const { name: policy, table } of policies.filter((one) => !expected.policies.includes(one.name)))
    faults.push(fault("security", "breaks", { kind: "policy_added", policy, table }));
  return faults;
}

const modes: Readonly<Record<string, string>> = { O: "enable", A: "enable always", R: "enable replica" };

function triggerFaults({ triggers }: SchemaFacts, expected: ExpectedObjects): readonly SchemaFault[] {
  return expected.triggers.flatMap(({ table, name: trigger, mode }) => {
    const actual = triggers.find((one) => one.table === table && one.name === trigger);
    if (actual === undefined)
      return [fault("triggers", "breaks", { kind: "trigger_missing", trigger, table })];
    // One that fires for replication as well was asked to do more, not less.
    if (actual.mode === mode || (actual.mode === "A" && mode !== "A")) return [];
    const writes = actual.mode === "D" ? "all" : actual.mode === "O" ? "replication" : "applications";
    const missed = { kind: "trigger_silent", trigger, table, writes, mode: modes[mode] ?? "enable" } as const;
    return [fault("triggers", "breaks", missed)];
  });
}

/** An invalid unique index lets a second row in. listUnhealthyRelations finds other invalid ones. */
function indexFaults({ indexes }: SchemaFacts, expected: ExpectedObjects): readonly SchemaFault[] {
  return expected.indexes.flatMap(({ name: index, unique }) => {
    const actual = indexes.find((one) => one.name === index);
    if (actual === undefined)
      return [fault("indexes", unique ? "breaks" : "slows", { kind: "index_missing", index, unique })];
    return actual.valid || !unique ? [] : [fault("indexes", "breaks", { kind: "index_invalid", index })];
  });
}

function functionFaults({ functions }: SchemaFacts, expected: ExpectedObjects): readonly SchemaFault[] {
  const missing = [...expected.functions.keys()].filter((name) =>
    functions.every((one) => one.name !== name),
  );
  const replaced = functions.filter(({ name, body }) => {
    const bodies = expected.functions.get(name);
    return body !== null && bodies !== undefined && !bodies.includes(body);
  });
  return [
    ...missing.map((name) => fault("functions", "stops", { kind: "function_missing", name })),
    ...replaced.map(({ name }) => fault("functions", "breaks", { kind: "function_replaced", name })),
  ];
}

function tableFaults({ relations, rules }: SchemaFacts): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  for (const { name: table, persistent, unidentified } of relations) {
    if (!persistent) faults.push(fault("tables", "breaks", { kind: "table_unlogged", table }));
    if (unidentified) faults.push(fault("tables", "stops", { kind: "table_unidentified", table }));
  }
  for (const { name: rule, table } of rules)
    faults.push(fault("tables", "breaks", { kind: "rule_added", rule, table }));
  return faults;
}

async function sequenceFaults(db: Kysely<OutboxDatabase>): Promise<readonly SchemaFault[]> {
  const { rows } = await sql<{ relation: string; sequence: string; highest: string }>`
    select relation, sequence, highest from talkme.sequences_behind()
  `.execute(db);
  return rows.map((behind) => fault("sequences", "breaks", { kind: "sequence_behind", ...behind }));
}
