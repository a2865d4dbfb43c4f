import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

const levels = new Set(["trace", "debug", "info", "warn", "error", "fatal"]);

/** The lines of the page's tables: the message, and the levels at which it comes. */
function documented(): ReadonlyMap<string, readonly string[]> {
  const page = readFileSync(new URL("../../../docs/logs.md", import.meta.url), "utf8");
  const rows = page.matchAll(/^\| ([a-z, ]+?) +\| `([^`]+)` +\|/gm);
  return new Map([...rows].map(([, level = "", message = ""]) => [message, level.split(/, | or /)]));
}

/** Every call of the logger in the sources: its message, and the levels that it may have. */
function written(): ReadonlyMap<string, ReadonlySet<string>> {
  const root = new URL(".//", import.meta.url);
  const names = readdirSync(root, { encoding: "utf8", recursive: true });
  const sources = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const found = new Map<string, Set<string>>();
  for (const name of sources) {
    const text = readFileSync(new URL(name, root), "utf8");
    const constants = new Map(
      [...text.matchAll(/^const (\w+) = "([^"]+)";$/gm)].map(([, key = "", value = ""]) => [key, value]),
    );
    for (const call of text.matchAll(/\blog(?:\.(\w+)|\[([^\]]*)\])\(/g)) {
      const [whole, method, computed = ""] = call;
      const possible = method === undefined ? levelsIn(computed, text) : [method];
      if (!possible.every((level) => levels.has(level))) continue;
      for (const message of messagesOf(text.slice(call.index + whole.length), constants)) {
        const known = found.get(message) ?? new Set();
        for (const level of possible) known.add(level);
        found.set(message, known);
      }
    }
  }
  return found;
}

/** Of `condition ? "info" : "warn"`, or of a variable that was given such a value. */
function levelsIn(expression: string, text: string): readonly string[] {
  const value = text.match(new RegExp(`const ${expression} = ([^;]+);`))?.[1] ?? expression;
  return [...value.replaceAll(/=== "[^"]*"/g, "").matchAll(/"([a-z]+)"/g)].map(([, level = ""]) => level);
}

/** The texts of a call's last argument. */
function messagesOf(call: string, constants: ReadonlyMap<string, string>): readonly string[] {
  let depth = 0;
  let end = 0;
  let last = 0;
  for (const { 0: token, index } of call.matchAll(/"(?:[^"\\]|\\.)*"|[([{]|[)\]}]|,/g)) {
    if (token.startsWith('"')) continue;
    if (token === "," && depth === 0 && call.slice(index + 1).trimStart()[0] !== ")") last = index + 1;
    if ("([{".includes(token)) depth += 1;
    if (")]}".includes(token)) depth -= 1;
    end = index;
    if (depth < 0) break;
  }
  const argument = call.slice(last, end).trim().replace(/,$/, "");
  const constant = constants.get(argument);
  if (constant !== undefined) return [constant];
  const texts = argument.replaceAll(/=== "[^"]*"/g, "").matchAll(/"((?:[^"\\]|\\.)*)"/g);
  return [...texts].map(([, text = ""]) => text);
}

function inOrder(lines: ReadonlyMap<string, Iterable<string>>): readonly string[] {
  return [...lines].map(([message, names]) => `${message}: ${[...names].toSorted().join(", ")}`).toSorted();
}

test("every line that can be logged is documented with its level, and no other", () => {
  const lines = written();
  expect(lines.size).toBeGreaterThan(40);
  expect(inOrder(documented())).toEqual(inOrder(lines));
});
