import type { Json } from "./parse-json.ts";

const stringOrColon = /"(?:[^"\\]|\\.)*"|:/gs;

/** Whether an object in the text repeats a key: `JSON.parse` keeps the last, but the first may mean failure. */
export function hasDuplicateKeys(text: string, parsed: Json): boolean {
  let written = 0;
  for (const [found] of text.matchAll(stringOrColon)) if (found === ":") written += 1;
  let kept = 0;
  const open: Json[] = [parsed];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === null || typeof value !== "object") continue;
    if (!Array.isArray(value)) kept += Object.keys(value).length;
    for (const inner of Object.values<Json>(value)) open.push(inner);
  }
  return written !== kept;
}
