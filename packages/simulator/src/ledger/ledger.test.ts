import { describe, expect, test } from "vitest";
import type { Message } from "../api/message.ts";
import { LedgerNotKeptError, RecordedLedger } from "./ledger.ts";

function message(overrides: Partial<Message> = {}): Message {
  return {
    acao: "envio_whats_simples_v2",
    idCliente: "123",
    numeroDest: "11988887777",
    emailDest: null,
    idCampanha: 5,
    idWpp: null,
    txtmsg: null,
    assunto: null,
    infoContato: { nome: "Fulano", geral1: "x" },
    ...overrides,
  };
}

function ledgerOf(...messages: readonly Message[]): RecordedLedger {
  const ledger = new RecordedLedger(true);
  for (const each of messages) ledger.accept(each, "100000000001", "protocol");
  return ledger;
}

describe("duplicates", () => {
  test.each<[string, Partial<Message>]>([
    ["word for word", {}],
    ["with 55 before the number", { numeroDest: "5511988887777" }],
    ["by the other spelling of the action", { acao: "envio_simples_whats_v2" }],
    ["with its variables in another order", { infoContato: { geral1: "x", nome: "Fulano" } }],
  ])("the same message %s is one", (_how, second) => {
    const [group, ...others] = ledgerOf(message(), message(second)).duplicates();
    expect(group?.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(others).toEqual([]);
  });

  test.each<[string, Partial<Message>]>([
    ["another number", { numeroDest: "1133332222" }],
    ["another campaign", { idCampanha: 6 }],
    ["another variable", { infoContato: { nome: "Fulano", geral1: "y" } }],
    ["another text", { txtmsg: "x" }],
  ])("%s makes another message", (_what, second) => {
    expect(ledgerOf(message(), message(second)).duplicates()).toEqual([]);
  });
});

test("a number is found with and without 55, and counts once", () => {
  const ledger = ledgerOf(message(), message({ numeroDest: "5511988887777" }));
  expect(ledger.byNumero("11988887777")).toHaveLength(2);
  expect(ledger.byNumero("5511988887777")).toHaveLength(2);
  expect(ledger.byNumero("1133332222")).toEqual([]);
  expect(ledger.distinctNumbers()).toBe(1);
});

test("entries are a snapshot", () => {
  const ledger = ledgerOf(message());
  const entries = ledger.entries();
  ledger.accept(message(), "100000000002", "protocol");
  expect(entries).toHaveLength(1);
});

test("a ledger that is not kept counts, and refuses every audit", () => {
  const ledger = new RecordedLedger(false);
  ledger.accept(message(), "100000000001", "protocol");
  expect(ledger.size).toBe(1);
  expect(() => ledger.entries()).toThrow(LedgerNotKeptError);
  expect(() => ledger.byNumero("11988887777")).toThrow(LedgerNotKeptError);
  expect(() => ledger.duplicates()).toThrow(LedgerNotKeptError);
  expect(() => ledger.distinctNumbers()).toThrow(LedgerNotKeptError);
});
