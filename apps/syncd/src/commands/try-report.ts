import { isDeepStrictEqual } from "node:util";

import { responseRulesSchema, type JudgedAnswer, type ResponseRule } from "@talkme/core";
import { parse, stringify } from "yaml";

import { printable } from "../text/printable.ts";

/** What became of the one message. */
export interface TryResult {
  readonly account: string;
  readonly outcome: "accepted" | "rejected" | "not_sent" | "unknown";
  /** Null where it was accepted. */
  readonly code: string | null;
  readonly error: string | null;
  readonly reference: string | null;
  /** Null where no complete answer came. */
  readonly answer: JudgedAnswer | null;
}

/** The other headers say nothing about the message. */
const tellingHeaders = new Set(
  "content-type content-encoding content-length date location retry-after server via".split(" "),
);
const shownCharacters = 4096;

const meanings = {
  accepted: "accepted: a row would be sent.",
  rejected: "rejected: a row would be failed.",
  not_sent: "not_sent: provably not taken; a row would be retried.",
  unknown: "unknown: it may have been sent; a row would wait for a person.",
} as const;

/** For programs. */
export function tryJson(result: TryResult): string {
  const { answer } = result;
  return `${JSON.stringify(
    {
      account: result.account,
      outcome: result.outcome,
      code: result.code,
      rule: answer?.verdict.rule ?? null,
      reference: result.reference,
      error: result.error,
      answer:
        answer === null
          ? null
          : { http_status: answer.httpStatus, headers: answer.headers, body: answer.body },
      rules: answer?.suggested ?? null,
    },
    null,
    2,
  )}\n`;
}

/** For people: the answer as it came, its interpretation, and what to do where no rule matched. */
export function tryText(result: TryResult): string {
  const { answer } = result;
  const lines =
    answer === null
      ? ["No complete answer came.", ""]
      : [`HTTP ${answer.httpStatus}`, ...headerLines(answer), "", ...bodyLines(answer), ""];
  lines.push(meanings[result.outcome]);
  if (answer !== null) {
    const { rule } = answer.verdict;
    lines.push(rule === null ? "No rule matches this answer." : `Decided by the rule "${printable(rule)}".`);
  }
  if (result.reference !== null) lines.push(`Reference: ${printable(result.reference)}`);
  const suggested = answer?.suggested ?? null;
  if (result.error !== null && suggested === null)
    lines.push(`${result.code ?? ""}: ${printable(result.error)}`);
  if (suggested !== null) lines.push("", ...adviceLines(suggested));
  return `${lines.join("\n")}\n`;
}

function headerLines({ headers }: JudgedAnswer): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => tellingHeaders.has(name))
    .map(([name, value]) => `${name}: ${printable(value)}`);
}

function bodyLines({ body, isCut }: JudgedAnswer): readonly string[] {
  if (body === "") return ["(an empty body)"];
  const shown = body.slice(0, shownCharacters).split(/\r?\n/).map(printable);
  const isMore = isCut || body.length > shownCharacters;
  return isMore ? [...shown, `(of ${isCut ? "more than 65,536" : String(body.length)} characters)`] : shown;
}

function adviceLines({ accepted, rejected }: NonNullable<JudgedAnswer["suggested"]>): readonly string[] {
  return [
    "Look up in Talk.me what became of the message. Then add one of these to the file of TALKME_CONFIG;",
    "both match this answer. If the file already has response_rules, add the rule below the others.",
    "",
    "# If it was sent:",
    ruleYaml(accepted),
    "# If it was refused:",
    ruleYaml(rejected),
  ];
}

/** Parses the YAML again, so that what is shown is what was proven. */
function ruleYaml(rule: ResponseRule): string {
  const plain = stringify({ response_rules: [rule] }, { lineWidth: 0 });
  const yaml = isPrintable(plain) ? plain : escapedYaml(rule);
  const read: unknown = parse(yaml);
  if (!isDeepStrictEqual(read, { response_rules: responseRulesSchema.parse([rule]) })) {
    throw new Error("A rule does not survive YAML, which is a defect of syncd.");
  }
  return yaml;
}

/** Whether a terminal shows it as it is, line by line. */
function isPrintable(text: string): boolean {
  return text.split("\n").every((line) => printable(line) === line);
}

/** In double quotes, a YAML text may hold any character as an escape, so that a terminal does not obey it. */
function escapedYaml(rule: ResponseRule): string {
  const yaml = stringify({ response_rules: [rule] }, { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE" });
  return Array.from(yaml, escaped).join("");
}

function escaped(character: string): string {
  return printable(character) === character || character === "\n"
    ? character
    : String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
