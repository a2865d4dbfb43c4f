import { plainText } from "./plain-text.ts";
import { echoMark } from "./strip-echoes.ts";

/** A part of a short text: its kind, and whether a `|` directly precedes it. */
export interface TextToken {
  readonly kind: "letters" | "digits" | "mixed" | "time" | "phone" | "echo";
  readonly text: string;
  readonly beginsField: boolean;
}

const address = /[^\s|<>@:;,()]{1,64}@[\w.-]{1,255}/g;
// Only here is `no` Portuguese (in the), not English or Spanish.
const inTheSystem = /(?<![a-z0-9])no sistema(?![a-z0-9])/g;
const numberSign = /(?<![a-z0-9])n[º°]/g;
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.source;
const clock = /\d\d:\d\d(?::\d\d)?/.source;
const time = String.raw`(?:[12]\d{3}-\d\d-\d\d|\d\d\/\d\d\/\d{4})(?:[t ]${clock})?z?(?!\w)|${clock}(?!\w)`;
const phone = /(?:\+?55 ?)?\(\d\d\) ?9?\d{4}-?\d{4}(?!\w)|\+\d{10,15}(?!\w)/.source;
// No separators: a minus before a number, `!` before a word, and any other character such as `%`, `?`, `{` or an emoji.
const gap = String.raw`(?:[\s.,:;|()\/#_'º°=]|!(?![a-z0-9])|-(?!\d)|(?<=[a-z0-9])-)+`;
const tokens = new RegExp(`(${uuid})|(${time})|(${phone})|(${echoMark})|([a-z0-9]+)|(${gap})|(.)`, "gs");

/** The parts of a text; null if it contains a character that could mean anything. */
export function textTokens(text: string): readonly TextToken[] | null {
  const found: TextToken[] = [];
  let beginsField = true;
  for (const match of plainText(text)
    .replace(address, " ")
    .replace(numberSign, " ")
    .replace(inTheSystem, "sistema")
    .matchAll(tokens)) {
    const [whole, uuidText, timeText, phoneText, echo, run, between] = match;
    if (between !== undefined) {
      beginsField = between.includes("|") || found.length === 0;
      continue;
    }
    if (uuidText !== undefined) found.push({ kind: "mixed", text: whole, beginsField });
    else if (timeText !== undefined) found.push({ kind: "time", text: whole, beginsField });
    else if (phoneText !== undefined) found.push({ kind: "phone", text: whole, beginsField });
    else if (echo !== undefined) found.push({ kind: "echo", text: whole, beginsField });
    else if (run !== undefined) found.push({ kind: kindOf(run), text: run, beginsField });
    else return null;
    beginsField = false;
  }
  return found;
}

function kindOf(run: string): "letters" | "digits" | "mixed" {
  if (/^\d+$/.test(run)) return "digits";
  return /\d/.test(run) ? "mixed" : "letters";
}
