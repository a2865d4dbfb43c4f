export { SqlPrompt, type PromptOptions } from "./sql-prompt.ts";
export { SqlSession } from "./sql-session.ts";
export type { Shortcut } from "./shortcut.ts";
