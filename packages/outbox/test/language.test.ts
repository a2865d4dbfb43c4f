import { readdirSync, readFileSync } from "node:fs";

import { memberUrl } from "@talkme/test-postgres";
import * as fc from "fast-check";
import { sql } from "kysely";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { stagedArguments, stageMessages } from "./support/staged-messages.ts";
import { callsOf, stringLiterals } from "./support/sql-calls.ts";
import { writtenMessage } from "./support/written-messages.ts";

type Phrases = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Spoken {
  readonly phrases: Phrases;
  /** The texts of the schema's functions and views by their names, but for the catalogue itself. */
  readonly texts: ReadonlyMap<string, string>;
}

let read: Promise<Spoken> | null = null;

async function spoken(): Promise<Spoken> {
  read ??= readSpoken();
  return read;
}

async function readSpoken(): Promise<Spoken> {
  const { db } = await TestOutbox.open();
  const catalogue = await sql<{ phrases: Phrases }>`select talkme.phrases() as phrases`.execute(db);
  const { rows } = await sql<{ name: string; text: string }>`
    select proname as name, case when prosqlbody is null then prosrc else pg_get_functiondef(oid) end as text from pg_proc
    where pronamespace = 'talkme'::regnamespace and prokind = 'f' and proname !~ '^phrases'
    union all
    select viewname, definition from pg_views where schemaname = 'talkme'
  `.execute(db);
  return {
    phrases: catalogue.rows[0]?.phrases ?? {},
    texts: new Map(rows.map(({ name, text }) => [name, text])),
  };
}

/** The placeholders of a phrase as name and form: `at:time`; the words of a plural differ between languages. */
function placeholdersOf(text: string): readonly string[] {
  const found = [...text.matchAll(/\{([a-z_]+)(:[a-z]+|\|[^}]*)?\}/g)];
  return [...new Set(found.map(([, name = "", form = ""]) => `${name}${form.startsWith("|") ? "|" : form}`))];
}

function namesIn(text: string): ReadonlySet<string> {
  return new Set(placeholdersOf(text).map((one) => one.replace(/[:|].*/, "")));
}

/** The keys that a call asks for: `family.` for all that begin so. */
function keysOf(firstArgument: string): readonly string[] {
  const literals = stringLiterals(firstArgument.replaceAll(/\bwhen\b.*?\bthen\b/gs, ""));
  // What is added to a key that a parameter brings.
  return literals.filter((one) => !one.startsWith("."));
}

describe("the catalogue", () => {
  test("has each phrase once, in both languages", async () => {
    const { phrases } = await spoken();
    const folder = new URL("../sql/language/", import.meta.url);
    const files = readdirSync(folder).filter((name) => name.startsWith("phrases-of-"));
    const written = files.flatMap((name) =>
      [...readFileSync(new URL(name, folder), "utf8").matchAll(/^ {2}"([^"]+)": \{$/gm)].map(
        ([, key]) => key,
      ),
    );
    expect(written.toSorted()).toEqual(Object.keys(phrases).toSorted());
    const faults = Object.entries(phrases).filter(
      ([, { en = "", "pt-BR": portuguese = "", ...others }]) =>
        en.trim() === "" || portuguese.trim() === "" || en === portuguese || Object.keys(others).length > 0,
    );
    expect(faults).toEqual([]);
  });

  test("takes the same parameters in both languages, each with its form, and closes each bracket", async () => {
    const { phrases } = await spoken();
    const differences = Object.entries(phrases).filter(([, { en = "", "pt-BR": portuguese = "" }]) => {
      const optional = (text: string): unknown =>
        [...text.matchAll(/\[([^\]]*)\]/g)]
          .map(([, inside = ""]) => placeholdersOf(inside).toSorted())
          .toSorted();
      const bare = (text: string): string =>
        text.replaceAll(/\[[^[\]]*\]/g, "").replaceAll(/\{[a-z_]+\|[^|}]+\|[^|}]+\}/g, "");
      const plain = (text: string): unknown =>
        placeholdersOf(text)
          .filter((one) => !one.endsWith("|"))
          .toSorted();
      return (
        JSON.stringify([plain(en), optional(en)]) !==
          JSON.stringify([plain(portuguese), optional(portuguese)]) ||
        /[[\]|]/.test(bare(en) + bare(portuguese))
      );
    });
    expect(differences).toEqual([]);
  });

  test("has every phrase that a function asks for, and every parameter that the phrase needs is given", async () => {
    const { phrases, texts } = await spoken();
    const keys = Object.keys(phrases);
    const faults: string[] = [];
    for (const [name, text] of [...texts].filter(([one]) => !speaking.includes(one)))
      for (const { name: called, args } of callsOf(text, speaking)) {
        const [first = "", second = "", third = "", fourth = ""] = args;
        const asked = called === "problem_of" && fourth !== "" ? fourth : first;
        const given = called === "problem_of" ? third : second;
        for (const key of keysOf(asked)) {
          const wanted = key.endsWith(".") ? keys.filter((one) => one.startsWith(key)) : [key];
          if (called === "problem_of") wanted.push(`${key}.hint`);
          for (const one of wanted) {
            const phrase = phrases[one]?.["en"];
            if (phrase === undefined) faults.push(`${name}: there is no ${one}`);
            else if (/^(?:jsonb_build_object\(|$|'\{\}')/.test(given))
              for (const parameter of namesIn(phrase))
                if (!stringLiterals(given).includes(parameter))
                  faults.push(`${name}: ${one} lacks ${parameter}`);
          }
        }
      }
    expect(faults).toEqual([]);
  });

  test("has a complaint and a hint for every rule that a message can break", async () => {
    const { phrases, texts } = await spoken();
    const rules = ["broken_rules", "recipient_rules", "check_outbox"].flatMap((name) =>
      stringLiterals(texts.get(name) ?? "").filter((one) => /^outbox_\w+$/.test(one)),
    );
    expect(rules.length).toBeGreaterThan(20);
    expect(
      rules.filter((rule) => phrases[rule] === undefined || phrases[`${rule}.hint`] === undefined),
    ).toEqual([]);
  });

  test("has no phrase that nobody uses", async () => {
    const { phrases, texts } = await spoken();
    const literals = new Set([...texts.values()].flatMap((text) => stringLiterals(text)));
    const families = [...literals].filter((one) => /^[a-z_]+\.$/.test(one));
    const words = Object.values(phrases).flatMap(({ en = "" }) =>
      placeholdersOf(en)
        .filter((one) => one.endsWith(":word"))
        .map((one) => one.replace(/:word$/, ".")),
    );
    const unused = Object.keys(phrases).filter((key) => {
      const isOfFamily = [...families, ...words].some((family) => key.startsWith(family));
      return !isOfFamily && !literals.has(key) && !literals.has(key.replace(/\.hint$/, ""));
    });
    expect(unused).toEqual([]);
  });
});

/** Functions that put a phrase of the catalogue into words: the key is their first argument. */
const speaking = ["say", "problem_of"];

/** Functions with English of their own, and why. */
const english: Readonly<Record<string, readonly string[]>> = {
  "it writes what is stored: talkme.explain says it in the reader's language": [
    "batch_paused_error",
    "suppressed_error",
    "guard_outbox",
    "hold_burst",
    "hold_captured_burst",
    "keep_blank",
    "recall_claims",
    "check_history",
    "confirm_history",
    "raise_claim_durability",
  ],
  "it writes SQL or JSON": [
    "capture_types",
    "capture",
    "drop_attempt_partition",
    "check_one_expression",
    "create_attempt_partitions",
    "try_capture_expressions",
    "write_capture",
  ],
  "short words for a table": ["history", "history_doubts"],
  "the daemon alone is spoken to": ["refuse_rewriting", "below_retention_floor", "configure_account"],
  "its sentences are not in the catalogue": [
    "acknowledge_history",
    "allow_local_claims",
    "apply_retention",
    "capture_failed",
    "captures",
    "check_capture_request",
    "check_setting",
    "define_capture",
    "drop_capture",
    "explain",
    "explain_pending",
    "explain_sending",
    "explain_stops",
    "explain_turn",
    "explain_wait_for_time",
    "forget",
    "history_notice",
    "parse_recipient",
    "parse_sending_window",
    "pause",
    "record_capture_error",
    "refuse_contradiction",
    "refuse_edit",
    "refuse_scope",
    "register_capture",
    "resume",
    "settle_others",
    "suppress",
    "unregister_capture",
    "unsuppress",
    "verify_recipient",
  ],
};

test("no function and no view has a sentence of its own, but for those that are listed", async () => {
  const { texts } = await spoken();
  const sentence = /[A-Za-z]{2,},? [a-z]{2,},? [a-z(]{2,}/;
  const found = [...texts].flatMap(([name, text]) =>
    stringLiterals(text).some((one) => sentence.test(one)) ? [name] : [],
  );
  expect([...new Set(found)].toSorted()).toEqual(Object.values(english).flat().toSorted());
});

describe("talkme.say", () => {
  test.each([
    ["en", "Row 3 of this statement."],
    ["pt-BR", "Linha 3 deste comando."],
  ])("leaves out a part in brackets whose parameter is null, in %s", async (language, said) => {
    const outbox = await TestOutbox.open();
    const about = `jsonb_build_object('number', 3, 'message', null, 'dedupe_key', null)`;
    expect(await outbox.ask(`select talkme.say('which.of_set', ${about}, '${language}')`)).toBe(said);
  });

  test("takes nothing in a value for a placeholder or a bracket", async () => {
    const outbox = await TestOutbox.open();
    const about = `jsonb_build_object('id_campanha', '{name}[x]', 'name', '{id_campanha}')`;
    expect(await outbox.ask(`select talkme.say('outbox_campaign_active', ${about})`)).toBe(
      "campaign {name}[x] ({id_campanha}) is not active",
    );
  });

  test("writes times, numbers, spans and plurals as the language does", async () => {
    const outbox = await TestOutbox.open();
    const about = `'{"at": "2026-12-01T15:04:05.6-03:00", "never": "infinity", "n": 1234567.50, "few": 9999, "gap": "1 mon 2 days 01:30:00", "none": 0, "one": 1, "two": 2}'`;
    const forms = [
      "at:time",
      "never:time",
      "n:number",
      "few:number",
      "gap:span",
      "none|row|rows",
      "one|row|rows",
      "two|row|rows",
    ];
    const said = async (language: string): Promise<unknown> =>
      outbox.ask(
        `select array(select talkme.say_parameter(f, ${about}, '${language}') from unnest('{${forms.join(",")}}'::text[]) as f)`,
      );
    expect(await said("en")).toEqual([
      "2026-12-01 18:04:05+00",
      "infinity",
      "1,234,567.5",
      "9999",
      "1 mon 2 days 01:30:00",
      "rows",
      "row",
      "rows",
    ]);
    expect(await said("pt-BR")).toEqual([
      "01/12/2026 18:04:05 +00",
      "infinity",
      "1.234.567,5",
      "9999",
      "1 mês 2 dias 01:30:00",
      "row",
      "row",
      "rows",
    ]);
  });
});

test("every refusal of 3,000 messages is said in Portuguese, whole, and with the same codes", async () => {
  const outbox = await TestOutbox.open();
  await stageMessages(outbox, fc.sample(writtenMessage, { numRuns: 3000, seed: 17 }));
  const said = async (language: string): Promise<readonly { code: string; message: string }[]> => {
    await outbox.ask(
      `alter database "${new URL(outbox.url).pathname.slice(1)}" set talkme.language = '${language}'`,
    );
    const client = await openSession(outbox.url);
    const { rows } = await client.query<{ code: string; message: string }>(
      `select p.code, p.message from staging as s cross join lateral talkme.problems(${stagedArguments}) as p order by s.place, p.code, p.field`,
    );
    return rows;
  };
  const english = await said("en");
  const portuguese = await said("pt-BR");
  expect(portuguese.map(({ code }) => code)).toEqual(english.map(({ code }) => code));
  expect(new Set(english.map(({ code }) => code)).size).toBeGreaterThan(20);
  const faults = portuguese.filter(
    ({ message }, i) =>
      message === english[i]?.message || /[{}[\]]/.test(message.replaceAll(/\{"nome".*?\}/g, "")),
  );
  expect(faults).toEqual([]);
});

test("a row is refused in the session's language, under the same SQLSTATE and constraint", async () => {
  const outbox = await TestOutbox.open();
  const client = await openSession(outbox.url);
  await client.query("set talkme.language = 'pt-BR'");
  const insert = client.query(
    "insert into talkme.outbox (numero_dest, id_campanha, dedupe_key) values ('20988887777', 1, 'pedido 7')",
  );
  await expect(insert).rejects.toMatchObject({
    code: "23514",
    constraint: "outbox_numero_dest_ddd",
    message: "numero_dest começa com o DDD 20, que não existe",
    detail: "Linha 1 deste comando, com a dedupe_key 'pedido 7'.",
    hint: "Corrija o DDD; número de outro país começa com + e o código do país.",
  });
  await expect(client.query("select talkme.cancel(7)")).rejects.toMatchObject({
    code: "P0002",
    constraint: "outbox_row_exists",
    message: "não existe a linha 7",
  });
});

describe("talkme.language", () => {
  test.each(["pt-BR", "pt", "PT_br", "pt_BR.UTF-8", "pt-BR@x"])(
    "takes %s for Portuguese",
    async (written) => {
      const outbox = await TestOutbox.open();
      expect(await outbox.ask(`select talkme.language('${written}')`)).toBe("pt-BR");
    },
  );

  test.each(["en", "", "C", "es", "ptx", "en_PT"])("takes '%s' for English", async (written) => {
    const outbox = await TestOutbox.open();
    expect(await outbox.ask(`select talkme.language('${written}')`)).toBe("en");
  });

  test("is the session's, or else the role's, or else the database's", async () => {
    const outbox = await TestOutbox.open();
    const url = await memberUrl(outbox.url, "talkme_producer");
    const [database, role] = [new URL(url).pathname.slice(1), new URL(url).username];
    await outbox.ask(`alter database "${database}" set talkme.language = 'pt-BR'`);
    expect((await sessionOf(url)).language).toBe("pt-BR");
    await outbox.ask(`alter role "${role}" in database "${database}" set talkme.language = 'en'`);
    expect((await sessionOf(url)).language).toBe("en");
    expect((await sessionOf(url, ["set talkme.language = 'pt_BR'"])).language).toBe("pt-BR");
  });

  test("of syncd's sessions is English whatever the database says, for its log lines are", async () => {
    const outbox = await TestOutbox.open();
    await outbox.ask(
      `alter database "${new URL(outbox.url).pathname.slice(1)}" set talkme.language = 'pt-BR'`,
    );
    expect((await sessionOf(outbox.url, ["set application_name = 'syncd'"])).language).toBe("en");
    expect((await sessionOf(outbox.url, ["set application_name = 'psql'"])).language).toBe("pt-BR");
  });
});

/** A new session's language, after some statements. */
async function sessionOf(
  url: string,
  statements: readonly string[] = [],
): Promise<{ readonly language: unknown }> {
  const client = await openSession(url);
  for (const statement of statements) await client.query(statement);
  const { rows } = await client.query<{ language: string }>("select talkme.language()");
  return { language: rows[0]?.language };
}

async function openSession(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
