import type { Reply } from "../api/reply.ts";

/** What the client's socket receives. */
export type Delivery =
  | { readonly kind: "whole"; readonly reply: Reply }
  /** The socket stays open and silent until the client gives up. */
  | { readonly kind: "hang" }
  /** FIN without a byte. */
  | { readonly kind: "drop" }
  /** RST without a byte. */
  | { readonly kind: "reset-at-start" }
  /** All headers, half of the body, RST. */
  | { readonly kind: "reset-at-half"; readonly reply: Reply }
  /** All headers, half of the body, FIN. */
  | { readonly kind: "truncate"; readonly reply: Reply }
  | { readonly kind: "drip"; readonly reply: Reply; readonly bytes: number; readonly intervalMs: number };

/** What the client can read of it, if only the status; null if nothing. */
export function replyOf(delivery: Delivery): Reply | null {
  switch (delivery.kind) {
    case "hang":
    case "drop":
    case "reset-at-start":
      return null;
    case "whole":
    case "reset-at-half":
    case "truncate":
    case "drip":
      return delivery.reply;
  }
}
