import type { Status } from "@talkme/outbox";
import type { styleText } from "node:util";

/** What a status means to the person who inserted the row. */
export function meaningOf(status: Status): string {
  switch (status) {
    case "pending":
      return "It waits: for its send_at, or for its next try. Nothing was sent.";
    case "sending":
      return "Its request is on the wire.";
    case "sent":
      return "Talk.me accepted it, once.";
    case "failed":
      return "It was refused, or can never be sent. error says why and what to do.";
    case "unknown":
      return "It may have been sent, so syncd does not send it again: a person decides.";
    case "expired":
      return "Its expires_at passed before it could be sent. Nothing was sent.";
    case "cancelled":
      return "Somebody withdrew it before it was sent.";
  }
}

export function colourOf(status: Status): Parameters<typeof styleText>[0] {
  switch (status) {
    case "sent":
      return "green";
    case "failed":
      return "red";
    case "unknown":
      return "yellow";
    case "pending":
    case "sending":
      return "cyan";
    case "expired":
    case "cancelled":
      return "magenta";
  }
}
