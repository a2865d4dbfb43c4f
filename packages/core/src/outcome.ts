/**
 * What is known about a message after a call. Deliberately neither "ok" nor "failed".
 *
 * - `accepted`: Talk.me accepted it, which does not mean delivered.
 * - `rejected`: Talk.me, or this client's own validation, refused it. The same message will be refused again.
 * - `not_sent`: provably not taken, so sending it again cannot message a person twice.
 * - `unknown`: it may have been sent. Sending it again may message a person twice.
 */
export type Outcome = "accepted" | "rejected" | "not_sent" | "unknown";
