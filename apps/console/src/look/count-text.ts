import type { Words } from "../language/words.ts";

/** `1 mensagem`, `2.345 mensagens`. */
export function countText(count: number, { texts, formats }: Words): string {
  return texts.messagesOf(formats.number(count), count === 1);
}
