import type { Message } from "../api/message.ts";
import { nationalNumero } from "../api/phone-number.ts";
import type { LedgerEntry } from "./ledger-entry.ts";

/** The accepted messages, for audits. With `keepLedger: false` only `size` can be read. */
export interface Ledger {
  /** The number of accepted messages, even if they are not kept. */
  readonly size: number;
  /**
   * All accepted messages, oldest first, as of now.
   *
   * @throws {LedgerNotKeptError} with `keepLedger: false`, so that no audit passes on an empty list.
   */
  entries(): readonly LedgerEntry[];
  /** Those to a number, with or without its 55. @throws {LedgerNotKeptError} */
  byNumero(numero: string): readonly LedgerEntry[];
  /**
   * Groups of two or more entries that are the same message: the same recipient (with or without 55), campaign,
   * channel, text, subject and variables. @throws {LedgerNotKeptError}
   */
  duplicates(): readonly (readonly LedgerEntry[])[];
  /** How many different numbers were accepted. @throws {LedgerNotKeptError} */
  distinctNumbers(): number;
}

/** Only a kept ledger can answer the question. */
export class LedgerNotKeptError extends Error {
  override readonly name = "LedgerNotKeptError";
  readonly code = "TALKME_SIMULATOR_LEDGER_NOT_KEPT";

  constructor() {
    super("the simulator was started with keepLedger: false and only counts; start it without to audit it");
  }
}

/** The ledger's writing side. */
export class RecordedLedger implements Ledger {
  readonly isKept: boolean;
  #size = 0;
  #entries: LedgerEntry[] = [];
  readonly #byNumero = new Map<string, LedgerEntry[]>();

  constructor(isKept: boolean) {
    this.isKept = isKept;
  }

  get size(): number {
    return this.#size;
  }

  accept(message: Message, reference: string, answered: string): void {
    this.#size++;
    if (!this.isKept) return;
    const entry = { seq: this.#size, receivedAt: new Date().toISOString(), ...message, reference, answered };
    this.#entries.push(entry);
    if (message.numeroDest === null) return;
    const numero = nationalNumero(message.numeroDest);
    const sameNumero = this.#byNumero.get(numero);
    if (sameNumero === undefined) this.#byNumero.set(numero, [entry]);
    else sameNumero.push(entry);
  }

  clear(): void {
    this.#size = 0;
    this.#entries = [];
    this.#byNumero.clear();
  }

  entries(): readonly LedgerEntry[] {
    this.#assertKept();
    return [...this.#entries];
  }

  byNumero(numero: string): readonly LedgerEntry[] {
    this.#assertKept();
    return [...(this.#byNumero.get(nationalNumero(numero)) ?? [])];
  }

  duplicates(): readonly (readonly LedgerEntry[])[] {
    this.#assertKept();
    return [...Map.groupBy(this.#entries, messageIdentity).values()].filter((group) => group.length > 1);
  }

  distinctNumbers(): number {
    this.#assertKept();
    return this.#byNumero.size;
  }

  #assertKept(): void {
    if (!this.isKept) throw new LedgerNotKeptError();
  }
}

function messageIdentity(entry: LedgerEntry): string {
  const { numeroDest, emailDest, idCampanha, idWpp, txtmsg, assunto, infoContato } = entry;
  const recipient = numeroDest === null ? null : nationalNumero(numeroDest);
  const variables = infoContato === null ? null : Object.entries(infoContato).toSorted(byName);
  return JSON.stringify([recipient, emailDest, idCampanha, idWpp, txtmsg, assunto, variables]);
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
