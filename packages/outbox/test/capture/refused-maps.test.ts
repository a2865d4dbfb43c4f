import { expect, test } from "vitest";

import { shippedMap, Shop, startShopServer } from "../support/shop.ts";

interface Refusal {
  readonly condition?: string | null;
  readonly map?: unknown;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly rule: string;
  readonly code: string;
  readonly says: string;
}

const { dedupe_key: _, ...bare } = shippedMap;
const without = (...left: readonly string[]): unknown =>
  Object.fromEntries(Object.entries(bare).filter(([key]) => !left.includes(key)));

const refusals: readonly Refusal[] = [
  { map: [1], rule: "capture_map_object", code: "22023", says: "no JSON object" },
  { map: null, rule: "capture_map_object", code: "22023", says: "no JSON object" },
  { map: { ...bare, numero: "phone" }, rule: "capture_map_known", code: "42703", says: "the entry numero," },
  { map: { ...bare, status: "'sent'" }, rule: "capture_map_known", code: "42703", says: "the entry status," },
  {
    map: { ...bare, created_at: "now()" },
    rule: "capture_map_known",
    code: "42703",
    says: "the entry created_at,",
  },
  {
    map: { ...bare, "info_contato.geral9": "phone" },
    rule: "capture_map_known",
    code: "42703",
    says: `the entry "info_contato.geral9",`,
  },
  {
    map: { ...bare, info_contato: "'{}'" },
    rule: "capture_map_info_contato",
    code: "22023",
    says: "both info_contato and single variables",
  },
  { map: without("numero_dest"), rule: "capture_recipient_given", code: "22023", says: "no recipient" },
  {
    map: without("id_campanha"),
    rule: "capture_target_given",
    code: "22023",
    says: "neither a campaign nor a channel",
  },
  {
    map: { ...bare, numero_dest: null },
    rule: "capture_map_value",
    code: "22023",
    says: "the entry numero_dest is no SQL",
  },
  { map: { ...bare, numero_dest: ["phone"] }, rule: "capture_map_value", code: "22023", says: "numero_dest" },
  {
    map: { ...bare, numero_dest: { valor: "x" } },
    rule: "capture_map_value",
    code: "22023",
    says: "numero_dest",
  },
  {
    map: { ...bare, numero_dest: "fone" },
    rule: "capture_expression",
    code: "42703",
    says: `the entry numero_dest is wrong: column "fone" does not exist`,
  },
  {
    map: { ...bare, id_campanha: "status = 'x'" },
    rule: "capture_expression",
    code: "42846",
    says: "the entry id_campanha is wrong: cannot cast type boolean to bigint",
  },
  {
    map: { ...bare, send_at: "total" },
    rule: "capture_expression",
    code: "42846",
    says: "cannot cast type numeric to timestamp",
  },
  {
    map: { ...bare, id_campanha: { value: "abc" } },
    rule: "capture_expression",
    code: "22P02",
    says: "invalid input syntax for type bigint",
  },
  {
    map: { ...bare, txtmsg: "'Olá" },
    rule: "capture_expression",
    code: "42601",
    says: "unterminated quoted string",
  },
  {
    map: { ...bare, txtmsg: "no_such_function(phone)" },
    rule: "capture_expression",
    code: "42883",
    says: "function no_such_function(text) does not exist",
  },
  {
    map: { ...bare, txtmsg: "(select 1)" },
    rule: "capture_expression",
    code: "0A000",
    says: "cannot use subquery",
  },
  {
    map: { ...bare, txtmsg: "max(phone)" },
    rule: "capture_expression",
    code: "42803",
    says: "aggregate functions are not allowed",
  },
  {
    map: { ...bare, txtmsg: "rank() over ()" },
    rule: "capture_expression",
    code: "42P20",
    says: "window functions are not allowed",
  },
  {
    map: { ...bare, txtmsg: "unnest(array[1])" },
    rule: "capture_expression",
    code: "0A000",
    says: "set-returning functions are not allowed",
  },
  {
    map: { ...bare, txtmsg: "phone; select 1" },
    rule: "capture_expression",
    code: "42601",
    says: `the entry txtmsg is wrong: syntax error at or near ";"`,
  },
  {
    map: { ...bare, txtmsg: "orders.phone" },
    rule: "capture_expression",
    code: "42P01",
    says: `missing FROM-clause entry for table "orders"`,
  },
  {
    condition: "status",
    rule: "capture_expression",
    code: "42804",
    says: "the condition (when) is wrong: argument must be type boolean, not type text",
  },
  {
    condition: "estado = 'x'",
    rule: "capture_expression",
    code: "42703",
    says: `the condition (when) is wrong: column "estado" does not exist`,
  },
  {
    condition: "new.status = 'x'",
    rule: "capture_expression",
    code: "42P01",
    says: "the condition (when) is wrong",
  },
  { condition: "true", rule: "capture_when", code: "22023", says: "depends on no column" },
  { condition: null, rule: "capture_when", code: "22023", says: "depends on no column" },
  {
    settings: { name: "Shipped Orders" },
    rule: "capture_name",
    code: "42602",
    says: "'Shipped Orders' cannot be the name",
  },
  { settings: { name: "x".repeat(41) }, rule: "capture_name", code: "42602", says: "cannot be the name" },
  {
    settings: { events: "delete" },
    rule: "capture_events",
    code: "22023",
    says: "none that can be captured",
  },
  {
    settings: { events: "insert or delete" },
    rule: "capture_events",
    code: "22023",
    says: "none that can be captured",
  },
  {
    settings: { on_error: "ignore" },
    rule: "capture_on_error",
    code: "22023",
    says: "neither block nor record",
  },
  { settings: { replace: null }, rule: "capture_settings", code: "22004", says: "true or false" },
];

test("a map that could never work is refused at creation, with the entry's name and a remedy", async () => {
  const shop = await Shop.open(await startShopServer(null));
  for (const { condition = "status = 'shipped'", map = bare, settings = {}, rule, code, says } of refusals) {
    const failure = await shop.owner.captureFailure("orders", condition, map, settings);
    expect(failure).toMatchObject({ constraint: rule, code });
    expect(failure.message).toContain(says);
    expect(failure.message).toMatch(/^talkme\.capture: /);
    expect(failure.hint).toMatch(/\w/);
  }
  expect(
    await shop.admin.ask("select count(*)::int from pg_proc where proname like 'talkme\\_capture\\_%'"),
  ).toBe(0);
  expect(await shop.admin.ask("select to_regclass('app.talkme_row')")).toBeNull();
});
