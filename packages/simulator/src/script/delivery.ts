import type { Reply } from "../api/reply.ts";

/** What the client's socket will see. */
export type Delivery =
  | { readonly kind: "whole"; readonly reply: Reply }
  /** The socket stays open and silent until the client gives up. */
  | { readonly kind: "hang" }
  /** FIN without a byte. */
  | { readonly kind: "drop" }
  /** RST without a byte. */
  | { readonly kind: "reset-at-start" }
  /** The headers of the whole, half of the body, RST. */
  | { readonly kind: "reset-at-half"; readonly reply: Reply }
  /** The headers of the whole, half of the body, FIN. */
  | { readonly kind: "truncate"; readonly reply: Reply }
  | { readonly kind: "drip"; readonly reply: Reply; readonly bytes: number; readonly intervalMs: number };

/** What the client gets to read, were it only the status; null where it gets nothing. */
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
