import { describe, expect, test } from "vitest";

import { databaseWith, goThrough, type DatabaseSettings, type Seen } from "./support/settings-battery.ts";

const settings: readonly { readonly what: string; readonly set: DatabaseSettings }[] = [
  {
    what: "backslashes are escapes in plain strings",
    set: {
      standard_conforming_strings: "off",
      backslash_quote: "on",
      escape_string_warning: "on",
    },
  },
  {
    what: "dates are written as SQL, DMY, in a zone with an ambiguous abbreviation",
    set: { datestyle: "'SQL, DMY'", timezone: "'Asia/Kolkata'", intervalstyle: "sql_standard" },
  },
  {
    what: "dates are written as Postgres, MDY, behind UTC, half an hour off",
    set: { datestyle: "'Postgres, MDY'", timezone: "'America/St_Johns'", intervalstyle: "postgres_verbose" },
  },
  {
    what: "dates are written as German, a day ahead of UTC",
    set: { datestyle: "'German, DMY'", timezone: "'Pacific/Kiritimati'", intervalstyle: "iso_8601" },
  },
  {
    what: "time zones are POSIX's, and abbreviations Australian",
    set: { timezone: "'XYZ+11:17'", timezone_abbreviations: "'Australia'", bytea_output: "escape" },
  },
  {
    what: "messages, money, numbers and times are of another locale",
    set: {
      lc_messages: "'C.UTF-8'",
      lc_monetary: "'C.UTF-8'",
      lc_numeric: "'C.UTF-8'",
      lc_time: "'C.UTF-8'",
    },
  },
  {
    what: "PL/pgSQL resolves names to columns, and looks for mistakes",
    set: {
      "plpgsql.variable_conflict": "'use_column'",
      "plpgsql.extra_errors": "'all'",
      "plpgsql.extra_warnings": "'all'",
      "plpgsql.print_strict_params": "on",
      "plpgsql.check_asserts": "off",
    },
  },
  {
    what: "PL/pgSQL resolves names to variables, and bodies are not looked at when functions are created",
    set: { "plpgsql.variable_conflict": "'use_variable'", check_function_bodies: "off" },
  },
  {
    what: "names are always quoted, arrays know no nulls, and = null is is null",
    set: {
      quote_all_identifiers: "on",
      array_nulls: "off",
      transform_null_equals: "on",
      xmlbinary: "hex",
      xmloption: "document",
      client_encoding: "LATIN1",
      extra_float_digits: "3",
    },
  },
  {
    what: "the planner is given hardly any choice, and compiles everything",
    set: {
      enable_indexscan: "off",
      enable_bitmapscan: "off",
      enable_nestloop: "off",
      enable_hashagg: "off",
      enable_sort: "off",
      enable_material: "off",
      enable_partition_pruning: "off",
      plan_cache_mode: "force_generic_plan",
      jit: "on",
      jit_above_cost: "0",
      join_collapse_limit: "1",
      from_collapse_limit: "1",
    },
  },
  {
    what: "transactions are serializable and deferrable, and not durable",
    set: {
      default_transaction_isolation: "serializable",
      default_transaction_deferrable: "on",
      synchronous_commit: "off",
    },
  },
  {
    what: "time-outs are those of a website",
    set: {
      statement_timeout: "'5s'",
      lock_timeout: "'1s'",
      idle_in_transaction_session_timeout: "'2s'",
    },
  },
  {
    what: "the search_path is empty, and big tables go elsewhere",
    set: {
      search_path: "''",
      default_toast_compression: "pglz",
      default_table_access_method: "heap",
      default_tablespace: "pg_default",
    },
  },
];

describe("everything works as elsewhere on a database where", () => {
  let usual: Promise<Seen> | null = null;

  test.each(settings)("$what", async ({ set }) => {
    usual ??= databaseWith({}).then(goThrough);
    const expected = await usual;
    expect(await goThrough(await databaseWith(set))).toEqual(expected);
  });
});
