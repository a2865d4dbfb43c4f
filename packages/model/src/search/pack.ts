import type { Status } from "../rules/row-rules.ts";
import {
  goneClaim,
  type Change,
  type Claim,
  type Copy,
  type Deeds,
  type Instance,
  type InstanceId,
  type Life,
  type Link,
  type Memory,
  type Row,
  type State,
  type Wire,
} from "../state.ts";

const statuses = {
  pending: 0,
  sending: 1,
  sent: 2,
  failed: 3,
  unknown: 4,
  expired: 5,
  cancelled: 6,
} as const;
const lives: Readonly<Record<Life, number>> = { running: 0, paused: 1, overdue: 2, dead: 3 };
const links: Readonly<Record<Link, number>> = { primary: 0, old: 1, broken: 2 };
const lateStatements = { none: 0, valid: 1, outdated: 2 } as const;
const wires: Readonly<Record<Wire, number>> = { none: 0, out: 1, accepted: 2, rejected: 3, notSent: 4 };
const changes: Readonly<Record<Change, number>> = { none: 0, promoted: 1, recovered: 2, moved: 3 };
const memories: Readonly<Record<Memory, number>> = {
  none: 0,
  unmarked: 1,
  committing: 2,
  unheard: 3,
  unconfirmed: 4,
  lost: 5,
  held: 6,
  waiting: 7,
  accepted: 8,
  rejected: 9,
  notSent: 10,
  unknown: 11,
  late: 12,
};
const acknowledgements = { no: 0, "by a person": 1, itself: 2 } as const;
const decisions = { none: 0, sent: 1, failed: 2, cancelled: 3 } as const;

/**
 * A state in some ten characters. The two instances are alike, so states that become the same when they change places have the
 * same key; so do states whose claims were made in another order.
 */
export function keyOf(state: State): string {
  const difference = rankOf(state, 0) - rankOf(state, 1);
  if (difference !== 0) return pack(state, difference > 0);
  const one = pack(state, false);
  const other = pack(state, true);
  return one < other ? one : other;
}

/** Which instance goes first, where that can be seen at a glance: packing twice takes longer. */
function rankOf({ primary, instances, claims }: State, id: InstanceId): number {
  let rank = instanceCode(instances[id]) * 2 + Number(primary.registered[id]);
  for (const claim of claims) if (claim.by === id) rank += claimCode(claim, id === 1) * 512;
  return rank;
}

function pack(state: State, isSwapped: boolean): string {
  const { primary, behind, old, claims, instances, deeds } = state;
  const codes = claims.map((claim) => claimCode(claim, isSwapped));
  const order = claims.map((_, index) => index);
  if (order.length > 1) order.sort((a, b) => (codes[a] ?? 0) - (codes[b] ?? 0));
  const places: number[] = [];
  for (const [place, index] of order.entries()) places[index] = place + 1;

  const packed = [stateCode(state)];
  const [first, second] = isSwapped ? [instances[1], instances[0]] : instances;
  packed.push(instanceCode(first), instanceCode(second));
  for (const each of deeds) packed.push(deedsCode(each));
  for (const copy of [primary, behind, old]) {
    if (copy !== null) packCopy(packed, copy, places, isSwapped);
  }
  for (const index of order) packed.push(codes[index] ?? 0);
  return String.fromCharCode(...packed);
}

function stateCode({ change, acknowledged, hasWaited, faultsLeft, behind, old }: State): number {
  let code = changes[change];
  code = code * 3 + acknowledgements[acknowledged];
  code = code * 2 + Number(hasWaited);
  code = code * 2 + Number(behind !== null);
  code = code * 2 + Number(old !== null);
  return code * 64 + faultsLeft;
}

function instanceCode({ life, link, mustReclaim, lateStatement, isWitness }: Instance): number {
  let code = lives[life] * 3 + links[link];
  code = code * 2 + Number(mustReclaim);
  code = code * 3 + lateStatements[lateStatement];
  return code * 2 + Number(isWitness);
}

function deedsCode({ accepted, isExcused, decided, isPromised }: Deeds): number {
  let code = accepted * 2 + Number(isExcused);
  code = code * 4 + decisions[decided ?? "none"];
  return code * 2 + Number(isPromised);
}

function claimCode({ row, by, isNamed, memory, wire, isBefore }: Claim, isSwapped: boolean): number {
  let code = row * 2 + (isSwapped ? 1 - by : by);
  code = code * 2 + Number(isNamed);
  code = code * 2 + Number(isBefore);
  code = code * 13 + memories[memory];
  return code * 5 + wires[wire];
}

function packCopy(
  packed: number[],
  { rows, registered }: Copy,
  places: readonly number[],
  isSwapped: boolean,
): void {
  const [first, second] = isSwapped ? [registered[1], registered[0]] : registered;
  packed.push(Number(first) * 2 + Number(second));
  for (const row of rows) packed.push(rowCode(row, places));
}

/** Who claimed it follows from its claim, and the sign of that from the status. */
function rowCode(row: Row, places: readonly number[]): number {
  if (row === null) return 0;
  const status: Readonly<Record<Status, number>> = statuses;
  const claim = row.claim === null ? 0 : Math.abs(row.claim);
  const place = claim === goneClaim ? goneClaim : (places[claim - 1] ?? 0);
  return 1 + (status[row.status] * 64 + row.attempts + 2) * 32 + place;
}
