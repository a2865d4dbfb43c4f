import type { Message } from "../api/message.ts";

/** A message that the simulator accepted: a person would get it, whatever the client was answered. */
export interface LedgerEntry extends Message {
  /** From 1, without gaps, in the order of acceptance. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  /** The protocol number, whether or not the answer showed it. */
  readonly reference: string;
  /** The shape of the answer, or the name of the fault rule (or of its fault) that struck after acceptance. */
  readonly answered: string;
}
