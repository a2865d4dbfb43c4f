/** Every state that a row can be in; docs/state-machine.md has the transitions. */
export const statuses = ["pending", "sending", "sent", "failed", "unknown", "expired", "cancelled"] as const;

export type Status = (typeof statuses)[number];

export const onUnknowns = ["hold", "resend"] as const;

/** What becomes of a row that may have been sent: a person decides, or it is sent again. */
export type OnUnknown = (typeof onUnknowns)[number];

export const circuitKinds = ["not_found", "authentication", "trouble", "throttled"] as const;

/** Why no row of an account is sent. */
export type CircuitKind = (typeof circuitKinds)[number];
