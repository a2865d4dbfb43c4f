import type { Terminal } from "./terminal.ts";

/** Prints what was shown and where to go from here. */
export function printNextSteps(terminal: Terminal, keepsServing: boolean): void {
  const say = (text: string): void => terminal.line(text);
  say("");
  say(
    terminal.paint(
      "bold",
      "You have seen a real PostgreSQL, the real daemon, and a stand-in for api.talk.me.",
    ),
  );
  if (!keepsServing)
    say("  npx -y pnpm@12 demo --serve   keeps them running, and has a prompt for your own inserts");
  say("  docs/lists.md                 a list of customers from a CSV file: checked, sent, watched");
  say("  README.md                     your first real row: your database, id_cliente and token");
}
