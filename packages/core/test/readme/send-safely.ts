import { setTimeout as sleep } from "node:timers/promises";

import { AuthenticationError, RateLimitedError, TalkmeError } from "@talkme/core";
import type { Accepted, Message, TalkmeClient } from "@talkme/core";

/** Sends a message again only where it provably was not sent. Any other error is the caller's to decide. */
export async function sendSafely(client: TalkmeClient, message: Message, tries = 5): Promise<Accepted> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.send(message);
    } catch (error) {
      const mayRetry =
        error instanceof TalkmeError &&
        error.outcome === "not_sent" &&
        error.code !== "client_closed" &&
        !(error instanceof AuthenticationError);
      if (!mayRetry || attempt >= tries) throw error;
      const backoffMs = 250 * 2 ** attempt * (0.5 + Math.random() / 2);
      const askedMs = error instanceof RateLimitedError ? (error.retryAfterMs ?? 0) : 0;
      await sleep(Math.max(backoffMs, askedMs));
    }
  }
}
