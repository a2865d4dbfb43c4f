import { DatabaseError } from "pg";
import { expect } from "vitest";

import { claimKey, nextTurn } from "../../src/daemon.ts";
import type { Daemon, Model } from "./model.ts";
import { repairs, wrongState, type Repair, type RepairName } from "./person.ts";
import { predictExpiry, predictReclaim, predictRescue } from "./predict-care.ts";
import { predictTurn } from "./predict-turn.ts";
import { laneClaimOf, settlementOf, type RealOutbox } from "./real-outbox.ts";
import type { Step } from "./step.ts";
import { turnOf } from "./turn-plan.ts";

/** Another test covers the counting of slots: here only the limits of the wishes apply. */
const enoughSlots = 1000;

/** Predicts a step, runs it, and compares its answer. */
export async function perform(step: Step, model: Model, real: RealOutbox): Promise<void> {
  const { statements, daemon: db } = real;
  switch (step.do) {
    case "insert":
      return insert(step, model, real);
    case "turn": {
      const turn = turnOf(step, model, nextTurn());
      model.turnBefore = model.lastTurn;
      model.lastTurn = turn.number;
      const predicted = predictTurn(model, turn);
      const result = await real.whileLocked(turn.lockedId, () =>
        statements.settleAndClaim(
          db,
          turn.instance,
          turn.answers.map(settlementOf),
          turn.wishes.map(laneClaimOf),
          enoughSlots,
          { turn: turn.number },
        ),
      );
      for (const { id, fence, claim, seal } of result.claimed) {
        model.claims.push({ id, fence, claim, seal, claimedBy: turn.instance });
      }
      const claimed = result.claimed
        .map(({ id, fence, attempts }) => ({ id, fence, attempts }))
        .toSorted((a, b) => Number(a.id) - Number(b.id));
      const expired = result.passed.map(({ id, code }) => `${id} ${code}`).toSorted();
      const { stale, locked, refusedAccounts, registered } = result;
      expect({
        claimed,
        expired,
        stale: stale.toSorted(),
        locked: locked.toSorted(),
        refusedAccounts,
        registered,
      }).toEqual({
        ...predicted,
        refusedAccounts: [],
      });
      return;
    }
    case "heartbeat": {
      const name = model.nameOf(step.daemon);
      const lives = model.heardAtMinute.has(name);
      if (lives) model.heardAtMinute.set(name, model.minute);
      expect((await statements.sendHeartbeat(db, name)) !== null).toBe(lives);
      return;
    }
    case "come back":
      return register(step.daemon, model, real);
    case "unregister": {
      const name = model.nameOf(step.daemon);
      model.heardAtMinute.delete(name);
      return statements.unregisterInstance(db, name);
    }
    case "rescue": {
      const lockedId = step.locked === null ? null : (model.pick(model.rows, step.locked)?.id ?? null);
      const predicted = predictRescue(model, step.onUnknown, step.maxAttempts, lockedId);
      const rescued = await real.whileLocked(lockedId, () =>
        statements.rescueFromDeadInstances(db, step.onUnknown, step.maxAttempts),
      );
      expect(rescued.toSorted((a, b) => Number(a.id) - Number(b.id))).toMatchObject(predicted);
      return;
    }
    case "reclaim": {
      const instance = model.nameOf(step.daemon);
      const last = step.late ? model.turnBefore : model.lastTurn;
      const firstLost = { "all turns": 1, "the last turn": last, none: null }[step.lost];
      const lost = firstLost === null || last === 0 ? [] : [{ first: firstLost, last }];
      const known = { claims: knownClaims(step.knows, model), lost, last };
      const predicted = predictReclaim(model, instance, known);
      const { released, forgotten } = await statements.reclaim(db, instance, known);
      expect({ released: released.toSorted(byNumber), forgotten: forgotten.toSorted(byNumber) }).toEqual(
        predicted,
      );
      return;
    }
    case "expire overdue":
      expect(await statements.expireOverdue(db, step.limit)).toHaveLength(predictExpiry(model, step.limit));
      return;
    case "repair":
      return repair(step.repair, step.row, model, real);
    case "time passes": {
      model.minute += step.minutes;
      const shift = `- interval '${step.minutes} minutes'`;
      return real.runUnchecked(
        `update talkme.outbox set send_at = send_at ${shift}, retry_at = retry_at ${shift}, expires_at = expires_at ${shift}`,
        `update talkme.instance set heartbeat_at = heartbeat_at ${shift}`,
      );
    }
  }
}

/** A daemon starts or comes back under a new name. */
export async function register(daemon: Daemon, model: Model, real: RealOutbox): Promise<void> {
  const name = `${daemon}${model.order}`;
  model.names.set(daemon, name);
  model.heardAtMinute.set(name, model.minute);
  const leaseSeconds = model.leaseMinutes * 60;
  await real.statements.registerInstance(real.daemon, {
    name,
    version: "0.0.0",
    host: "test",
    pid: 1,
    leaseSeconds,
  });
}

async function insert(
  step: Extract<Step, { readonly do: "insert" }>,
  model: Model,
  real: RealOutbox,
): Promise<void> {
  const { count, campaign, priority, sendInMinutes, expiresInMinutes, maxAttempts, onUnknown } = step;
  const ids = await real.run(`
    insert into talkme.outbox (numero_dest, id_campanha, priority, send_at, max_attempts, on_unknown)
    select '11988887777', ${campaign}, ${priority}, now() + interval '${sendInMinutes} minutes', ${maxAttempts},
      ${onUnknown === null ? null : `'${onUnknown}'`}
    from generate_series(1, ${count}) returning id
  `);
  for (const { id } of ids) {
    model.rows.push({
      id: String(id),
      campaign,
      priority,
      maxAttempts,
      onUnknown,
      sendAt: model.momentIn(sendInMinutes),
      retryAt: null,
      expiresAt: expiresInMinutes === null ? null : model.momentIn(expiresInMinutes),
      status: "pending",
      attempts: 0,
      fence: 0,
      claimedBy: null,
      claim: null,
      errorCode: null,
    });
  }
  if (expiresInMinutes === null || ids.length === 0) return;
  // A microsecond apart, so that it is known which is overdue first.
  await real.runUnchecked(`
    update talkme.outbox
    set expires_at = now() + interval '${expiresInMinutes} minutes' + id * interval '1 microsecond'
    where id in (${ids.map(({ id }) => String(id)).join(", ")})
  `);
}

async function repair(name: RepairName, number: number, model: Model, real: RealOutbox): Promise<void> {
  const row = model.pick(model.rows, number);
  if (row === null) return;
  const { from, sql, condition, apply }: Repair = repairs[name];
  const repaired = await real.run(sql(row.id)).catch((error: unknown) => {
    if (error instanceof DatabaseError && error.code === wrongState) return [];
    throw error;
  });
  const expected = from.includes(row.status) && (condition?.(row, model) ?? true);
  expect(repaired).toHaveLength(Number(expected));
  if (expected) apply(row, model);
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

function knownClaims(
  knows: Extract<Step, { readonly do: "reclaim" }>["knows"],
  model: Model,
): readonly string[] {
  const all = model.claims.map(claimKey);
  switch (knows) {
    case "all":
      return all;
    case "all but the last":
      return all.slice(0, -1);
    case "none":
      return [];
  }
}
