import { InvalidMessageError } from "../errors/invalid-message-error.ts";
import { messageIssues } from "./message-issues.ts";
import { messageSchema } from "./message.ts";
import type { Message, ValidMessage } from "./message.ts";

/**
 * Validates a message in one pass.
 *
 * @throws InvalidMessageError with all its problems.
 */
export function parseMessage(message: Message): ValidMessage {
  const result = messageSchema.safeParse(message);
  if (result.success) return result.data;
  throw new InvalidMessageError(messageIssues(result.error));
}
