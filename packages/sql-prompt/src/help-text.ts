import { usageOf, type Shortcut } from "./shortcut.ts";

const own: readonly (readonly [string, string])[] = [
  [String.raw`\r`, "forgets what was typed"],
  ["quit", String.raw`ends, as \q and Ctrl-D do; Ctrl-C cancels a statement`],
];

/** What may be typed. */
export function helpText(shortcuts: readonly Shortcut[]): string {
  const entries = [...shortcuts.map((one) => [usageOf(one), one.help] as const), ...own];
  const width = Math.max(...entries.map(([name]) => name.length));
  return [
    "Any SQL statement, over as many lines as you like, with a semicolon at its end. Or:",
    ...entries.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`),
  ].join("\n");
}
