/**
 * What is known of a message after a call. There is deliberately no bare "ok" and no bare "failed".
 *
 * - `accepted`: Talk.me took it. Accepted is not delivered.
 * - `rejected`: Talk.me, or this client's own validation, refused it. The same message will be refused again.
 * - `not_sent`: provably not taken, so sending it again cannot message a person twice.
 * - `unknown`: it may have been sent. Sending it again may message a person twice.
 */
export type Outcome = "accepted" | "rejected" | "not_sent" | "unknown";
