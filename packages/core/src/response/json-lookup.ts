import type { Json } from "./parse-json.ts";
import { matchedCharacters } from "./matched-characters.ts";

const wordsForNo = new Set(["", "0", "false", "no", "n", "nao", "não", "null", "none", "nenhum"]);

/**
 * The first defined value of the dotted paths in the views. Ignores the case of keys.
 */
export function findJson<T>(
  views: readonly Json[],
  paths: readonly string[],
  use: (value: Json) => T | undefined,
): T | undefined {
  for (const view of views) {
    for (const path of paths) {
      const value = valueAt(view, path);
      const used = value === undefined ? undefined : use(value);
      if (used !== undefined) return used;
    }
  }
  return undefined;
}

function valueAt(view: Json, path: string): Json | undefined {
  let value: Json | undefined = view;
  for (const key of path.split(".")) {
    if (value === null || typeof value !== "object") return undefined;
    const lowerKey = key.toLowerCase();
    value = Object.entries(value).find(([name]) => name.toLowerCase() === lowerKey)?.[1];
  }
  return value;
}

/** Whether a value says yes. */
export function isTruthy(value: Json): boolean {
  if (typeof value === "string") return !wordsForNo.has(value.trim().toLowerCase());
  if (value !== null && typeof value === "object") return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A text or number as text of bounded length; undefined for anything else. */
export function scalarText(value: Json): string | undefined {
  if (typeof value === "string") return value.slice(0, matchedCharacters);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
