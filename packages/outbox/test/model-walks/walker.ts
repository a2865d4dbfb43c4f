import {
  isStatement,
  settlementOf,
  type Design,
  type InstanceId,
  type State,
  type Step,
  type StepKind,
  type TraceStep,
} from "@talkme/model";
import { expect } from "vitest";

import { beginEpoch, claimKey, nextTurn, type Settlement } from "../../src/daemon.ts";
import { laneClaimOf, settlementOf as writtenOf, type RealOutbox } from "../state-machine/real-outbox.ts";
import type { TableImage } from "../state-machine/model.ts";
import { dropCopy, keepCopy, promoteCopy } from "./copied-tables.ts";

/** A claim of the model, as the database knows it. */
interface RealClaim {
  readonly turn: number;
  readonly name: string;
  readonly id: string;
  readonly fence: number;
  readonly seal: number;
}

interface RealInstance {
  name: string;
  epoch: number;
  /** The epoch of the claim that it has given up. */
  lateEpoch: number;
}

/** Walks a trace of the model with the daemon's statements, and compares the rows after each. */
export class Walker {
  readonly #real: RealOutbox;
  readonly #setting: Pick<Design, "rows" | "maxAttempts">;
  readonly #ids: string[] = [];
  readonly #claims = new Map<number, RealClaim>();
  readonly #instances: Readonly<Record<InstanceId, RealInstance>> = {
    0: { name: "a0", epoch: 0, lateEpoch: 0 },
    1: { name: "b0", epoch: 0, lateEpoch: 0 },
  };
  #lastTurn = 0;

  constructor(real: RealOutbox, setting: Pick<Design, "rows" | "maxAttempts">) {
    this.#real = real;
    this.#setting = setting;
  }

  async walk(trace: readonly TraceStep[]): Promise<void> {
    await this.#real.empty();
    await dropCopy(this.#real);
    await this.#register(0);
    await this.#register(1);
    for (const { before, step } of trace) {
      await this.#take(before, step);
      if (isStatement(step.kind)) await this.#compare(step.next);
    }
  }

  /** Steps that are left out here the database does not see. */
  async #take(before: State, step: Step): Promise<void> {
    const { next } = step;
    const row = step.row ?? 0;
    const id = step.instance ?? 0;
    const statements: Partial<Record<StepKind, () => Promise<void>>> = {
      insert: () => this.#insert(row),
      claim: () => this.#claim(id, row, next, this.#instances[id].epoch),
      "claim late": () => this.#claim(id, row, next, this.#instances[id].lateEpoch),
      settle: () => this.#settle(before, step),
      "settle unheard": () => this.#settle(before, step),
      reclaim: () => this.#reclaim(before, id),
      rescue: () => this.#rescue(next),
      register: () => this.#registerAgain(id),
      "resolve sent": () => this.#resolve(row, "sent"),
      "resolve failed": () => this.#resolve(row, "failed"),
      "resolve resend": () => this.#resolve(row, "resend"),
      acknowledge: () => this.#cancelArrived(before, next),
      "give up claim": () => this.#giveUp(id),
      "fall behind": () => keepCopy(this.#real),
      "catch up": () => dropCopy(this.#real),
      promote: () => (before.behind === null ? Promise.resolve() : promoteCopy(this.#real)),
    };
    await statements[step.kind]?.();
  }

  async #resolve(row: number, verdict: "sent" | "failed" | "resend"): Promise<void> {
    await this.#real.run(`select talkme.resolve(${this.#id(row)}, '${verdict}')`);
  }

  async #registerAgain(id: InstanceId): Promise<void> {
    this.#instances[id].name = `${id === 0 ? "a" : "b"}${nextTurn()}`;
    await this.#register(id);
  }

  async #giveUp(id: InstanceId): Promise<void> {
    const self = this.#instances[id];
    self.lateEpoch = self.epoch;
  }

  async #insert(row: number): Promise<void> {
    const [inserted] = await this.#real.run(`
      insert into talkme.outbox (numero_dest, id_campanha, on_unknown, max_attempts)
      values ('11988887777', ${row + 1}, '${this.#setting.rows[row] ?? "hold"}', ${this.#setting.maxAttempts}) returning id
    `);
    this.#ids[row] = String(inserted?.["id"]);
    await this.#makeDue();
  }

  async #claim(id: InstanceId, row: number, next: State, epoch: number): Promise<void> {
    const { name } = this.#instances[id];
    const turn = nextTurn();
    this.#lastTurn = turn;
    const { claimed } = await this.#real.statements.settleAndClaim(
      this.#real.daemon,
      name,
      [],
      [laneClaimOf({ campaign: row + 1, priority: 0, limit: 1 })],
      1,
      { epoch, turn },
    );
    if (claimed.length !== 1) throw new Error(`The claim took ${claimed.length} rows; pending -> sending.`);
    for (const { id: rowId, fence, seal } of claimed) {
      this.#claims.set(next.lastSerial, { turn, name, id: rowId, fence, seal });
    }
  }

  async #settle(before: State, { claim: index, row }: Step): Promise<void> {
    const claim = before.claims[index ?? -1];
    const real = this.#claims.get(claim?.serial ?? -1);
    if (claim === undefined || real === undefined) throw new Error("There is no such claim.");
    const settlement = settlementOf(claim.memory, {
      attempts: before.primary.rows[row ?? 0]?.attempts ?? 0,
      maxAttempts: this.#setting.maxAttempts,
      onUnknown: this.#setting.rows[row ?? 0] ?? "hold",
      isLost: false,
    });
    if (settlement === null) throw new Error("There is no answer to write.");
    const written: Settlement = writtenOf(
      {
        id: real.id,
        claim: real.turn,
        fence: real.fence,
        seal: real.seal,
        claimedBy: real.name,
        status: settlement.status,
        retryInMinutes: settlement.status === "pending" ? 0 : null,
        refund: settlement.refund,
        recorded: false,
        errorCode: null,
      },
      0,
    );
    const { name } = this.#instances[claim.by];
    await this.#real.statements.settleAndClaim(this.#real.daemon, name, [written], [], 1, {
      turn: nextTurn(),
    });
    await this.#makeDue();
  }

  async #reclaim(before: State, id: InstanceId): Promise<void> {
    const self = this.#instances[id];
    if (before.instances[id].mustReclaim) {
      self.epoch += 1;
      await beginEpoch(this.#real.daemon, self.name, self.epoch);
    }
    const claims: string[] = [];
    const lost: { first: number; last: number }[] = [];
    for (const { by, memory, serial } of before.claims) {
      const real = this.#claims.get(serial);
      if (by !== id || real === undefined) continue;
      if (memory === "lost") lost.push({ first: real.turn, last: real.turn });
      else if (memory !== "none") claims.push(claimKey({ id: real.id, claim: real.turn }));
    }
    await this.#real.statements.reclaim(this.#real.daemon, self.name, { claims, lost, last: this.#lastTurn });
  }

  /** Whoever the model takes for silent has not been heard for an hour. */
  async #rescue(next: State): Promise<void> {
    const heard = ([0, 1] as const).filter((id) => next.primary.registered[id]);
    const names = heard.map((id) => `'${this.#instances[id].name}'`).join(", ");
    await this.#real.run(`
      update talkme.instance set heartbeat_at = now() - interval '1 hour' where name not in (${names || "''"})
    `);
    await this.#real.statements.rescueFromDeadInstances(this.#real.daemon, "hold", this.#setting.maxAttempts);
  }

  async #cancelArrived(before: State, next: State): Promise<void> {
    for (const [row, is] of next.primary.rows.entries()) {
      if (is?.status !== "cancelled" || before.primary.rows[row]?.status === "cancelled") continue;
      await this.#real.run(`select talkme.cancel(${this.#id(row)})`);
    }
  }

  async #register(id: InstanceId): Promise<void> {
    const { name } = this.#instances[id];
    this.#instances[id].epoch = 0;
    const identity = { name, version: "0.0.0", host: "test", pid: 1, leaseSeconds: 60 };
    await this.#real.statements.registerInstance(this.#real.daemon, identity);
  }

  /** A retry waits no longer than it takes to look. */
  async #makeDue(): Promise<void> {
    await this.#real.runUnchecked(
      "update talkme.outbox set send_at = now() - interval '1 minute', retry_at = null where status = 'pending'",
    );
  }

  #id(row: number): string {
    const id = this.#ids[row];
    if (id === undefined) throw new Error(`Row ${row} is not inserted.`);
    return id;
  }

  async #compare({ primary, claims }: State): Promise<void> {
    const { rows, instances } = await this.#real.look();
    const expected = primary.rows.flatMap((row, index) => {
      if (row === null) return [];
      const { status, attempts, claim } = row;
      const made = claim === null ? undefined : this.#claims.get(claims[Math.abs(claim) - 1]?.serial ?? -1);
      const named = made && claim !== null && { claim: Math.sign(claim) * made.turn, claimedBy: made.name };
      return [{ id: this.#id(index), status, attempts, ...named }];
    });
    const names = ([0, 1] as const)
      .filter((id) => primary.registered[id])
      .map((id) => this.#instances[id].name);
    expectImage({ rows, instances }, { rows: expected, instances: names });
  }
}

/** The model forgets claims and names that make no difference any more. */
function expectImage(
  real: Pick<TableImage, "rows" | "instances">,
  { rows, instances }: { readonly rows: readonly object[]; readonly instances: readonly string[] },
): void {
  expect(real).toMatchObject({ rows, instances: expect.arrayContaining([...instances]) });
}
