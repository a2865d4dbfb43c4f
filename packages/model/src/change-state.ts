import type { Claim, Copy, Deeds, Instance, InstanceId, Row, State } from "./state.ts";

/** The server that an instance's statements reach; null: none. */
export type ServerName = "primary" | "old";

export function serverOf({ instances, old }: State, id: InstanceId): ServerName | null {
  const { link } = instances[id];
  if (link === "broken") return null;
  return link === "old" && old === null ? null : link;
}

export function copyOf(state: State, server: ServerName): Copy {
  const copy = server === "primary" ? state.primary : state.old;
  if (copy === null) throw new Error("There is no old primary.");
  return copy;
}

/** A standby that has not fallen behind gets it at the same time. */
export function withCopy(state: State, server: ServerName, copy: Copy): State {
  return server === "primary" ? { ...state, primary: copy } : { ...state, old: copy };
}

export function withRow(state: State, server: ServerName, index: number, row: Row): State {
  const copy = copyOf(state, server);
  return withCopy(state, server, { ...copy, rows: copy.rows.with(index, row) });
}

export function withInstance(state: State, id: InstanceId, changes: Partial<Instance>): State {
  const changed = { ...state.instances[id], ...changes };
  return { ...state, instances: id === 0 ? [changed, state.instances[1]] : [state.instances[0], changed] };
}

export function withClaim(state: State, index: number, changes: Partial<Claim>): State {
  const claim = state.claims[index];
  if (claim === undefined) throw new Error(`There is no claim ${index}.`);
  return { ...state, claims: state.claims.with(index, { ...claim, ...changes }) };
}

/** Changes what processes know of all claims for which there is something to change. */
export function withClaims(state: State, change: (claim: Claim) => Partial<Claim> | null): State {
  let isChanged = false;
  const claims = state.claims.map((claim) => {
    const changes = change(claim);
    if (changes === null) return claim;
    isChanged = true;
    return { ...claim, ...changes };
  });
  return isChanged ? { ...state, claims } : state;
}

export function deedsOf(state: State, row: number): Deeds {
  const deeds = state.deeds[row];
  if (deeds === undefined) throw new Error(`There is no row ${row}.`);
  return deeds;
}

export function withDeeds(state: State, row: number, changes: Partial<Deeds>): State {
  return { ...state, deeds: state.deeds.with(row, { ...deedsOf(state, row), ...changes }) };
}

export function withRegistration(copy: Copy, id: InstanceId, isRegistered: boolean): Copy {
  if (copy.registered[id] === isRegistered) return copy;
  const { registered } = copy;
  return {
    ...copy,
    registered: id === 0 ? [isRegistered, registered[1]] : [registered[0], isRegistered],
  };
}

/** In every copy: the name is not used any more. */
export function withoutName(state: State, id: InstanceId): State {
  const forget = (copy: Copy | null): Copy | null => copy && withRegistration(copy, id, false);
  return {
    ...state,
    primary: withRegistration(state.primary, id, false),
    behind: forget(state.behind),
    old: forget(state.old),
  };
}
