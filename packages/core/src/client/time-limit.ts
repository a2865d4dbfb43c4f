import { InvalidOptionsError } from "../errors/invalid-options-error.ts";

/** The longest delay of a Node timer, 24.8 days; it runs a longer one after 1 ms. */
export const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Refuses a time limit that a timer would misread.
 *
 * @throws InvalidOptionsError unless it is a whole number from 1 to `longestTimeoutMs`.
 */
export function requireTimeLimit(timeoutMs: number): void {
  if (Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= longestTimeoutMs) return;
  throw new InvalidOptionsError([`timeoutMs must be a whole number from 1 to ${longestTimeoutMs}`]);
}
