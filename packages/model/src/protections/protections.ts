/** What keeps the promises. Each can be switched off: `pnpm model --without NAME`. */
export const protections = {
  mark: "a row is marked as sending, durably, before its request begins",
  "claim-name": "an answer settles only the claim that it belongs to",
  "dead-unknown": "what a dead instance had claimed becomes unknown, not pending",
  "positive-list": "an answer is taken for success only if a rule says so",
  "late-answer": "a late answer settles a row only while nobody has decided about it",
  epoch: "a statement that was given up claims nothing in a later epoch",
  "reclaim-first":
    "after a lost statement an instance claims nothing before it has looked for what that has claimed",
  reclaim: "an instance looks for rows in its own name that it does not hold",
  rescue: "the living take over the rows of the dead",
  timeline: "nothing is claimed on another timeline than the acknowledged one",
  identity: "nothing is claimed in a database with another identifier than the acknowledged one",
  wait: "a change is acknowledged no sooner than what began before it has ended",
  deadline: "a request begins within two thirds of a lease after its claim, or never",
  "answers-before": "an answer from before a change makes no row pending: not sent is unknown then",
  "turns-before": "a turn that was lost before a change makes no row pending: its rows become unknown",
  "old-stopped": "the old primary is stopped before the change is acknowledged (left to the operator)",
  confirmation: "a request begins only after the standby has confirmed its claim",
  notice: "a commit that PostgreSQL reports as not confirmed sends nothing",
  "never-dispatched": "an instance gives back only what it has never dispatched",
  "insert-confirmation": "a row is promised once the standby has its insert",
  "confirmed-only": "a promotion acknowledges itself only if the standby confirmed every claim",
  witness: "a change acknowledges itself only if an instance that ran before it finds what it remembers",
} as const;

export type Protection = keyof typeof protections;

export const protectionNames = Object.keys(protections).filter((name) => isProtection(name));

export function isProtection(name: string): name is Protection {
  return Object.hasOwn(protections, name);
}

/** For each protection whether it is on. */
export function switches(off: ReadonlySet<Protection>): Readonly<Record<Protection, boolean>> {
  const on: Partial<Record<Protection, boolean>> = {};
  for (const name of protectionNames) on[name] = !off.has(name);
  if (!isComplete(on)) throw new Error("A protection has no switch.");
  return on;
}

function isComplete(on: Partial<Record<Protection, boolean>>): on is Record<Protection, boolean> {
  return protectionNames.every((name) => on[name] !== undefined);
}
