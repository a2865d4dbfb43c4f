import type { Answer } from "./answer.ts";
import { interpretResponse } from "./interpret-response.ts";
import { findJson, scalarText } from "./json-lookup.ts";
import { responseRuleSchema, type ResponseRule } from "./response-rule.ts";
import { stripEchoes } from "./strip-echoes.ts";
import { responseShape, type ResponseShape } from "./response-shape.ts";

/** Two rules that match an answer; a person chooses the true one. */
export interface SuggestedRules {
  readonly accepted: ResponseRule;
  readonly rejected: ResponseRule;
}

/** Sentences first: a field such as `status` may be `ok` in a refusal too. */
const tellingKeys =
  "mensagem message msg descricao description detalhe detail motivo reason error erro situacao status result resultado retorno response resposta success sucesso ok".split(
    " ",
  );
const longestExact = 120;
const longestBeginning = 60;
/** Shorter numbers are codes, which are part of an answer's meaning. */
const longNumber = /\d{5,}/g;

/**
 * Suggests rules for an answer that no rule matches, for a person to choose from. Long numbers and values of the request
 * become wildcards, so that the rules match the next recipient's answer too. Null if no valid rule would match this
 * answer.
 *
 * @param redacted The answer's body without the token. Default: the body.
 */
export function suggestRules(answer: Answer, redacted = answer.body): SuggestedRules | null {
  const when = { status: answer.httpStatus, ...conditionFor({ ...answer, body: redacted }) };
  const accepted = { name: "learned: this is a success", when, outcome: "accepted" } as const;
  const rejected = {
    name: "learned: this is a refusal",
    when,
    outcome: "rejected",
    code: "rejected_by_api",
  } as const;
  // Both have the same condition.
  const applies =
    responseRuleSchema.safeParse(accepted).success &&
    interpretResponse(answer, [accepted]).rule === accepted.name;
  return applies ? { accepted, rejected } : null;
}

function conditionFor(answer: Answer): Omit<ResponseRule["when"], "status"> {
  const shape = responseShape(answer);
  switch (shape.kind) {
    case "empty":
    case "binary":
      return { kind: shape.kind };
    case "html":
    case "broken":
    case "cut":
      return { kind: shape.kind, body: bodyPattern(shape.text, answer) };
    case "json":
      return jsonCondition(shape, answer) ?? { kind: "json", body: bodyPattern(shape.text, answer) };
    case "text":
      return { body: bodyPattern(shape.text, answer) };
  }
}

function jsonCondition(
  shape: ResponseShape,
  answer: Answer,
): Omit<ResponseRule["when"], "status"> | undefined {
  for (const path of tellingKeys) {
    const text = stripEchoes(findJson(shape.json, [path], scalarText) ?? "").trim();
    if (text !== "" && text.length <= longestExact) {
      return { json: { path, matches: `^${openPattern(text, answer)}$` } };
    }
  }
  return undefined;
}

function bodyPattern(text: string, answer: Answer): string {
  return text.length <= longestExact
    ? `^${openPattern(text, answer)}$`
    : `^${openPattern(text.slice(0, longestBeginning), answer)}`;
}

/** The literal text, with wildcards for what differs between recipients. */
function openPattern(text: string, { sent }: Answer): string {
  const values = Object.values(sent?.infoContato ?? {})
    .map((value) => value.trim())
    .filter((value) => value.length >= 3)
    .toSorted((a, b) => b.length - a.length);
  const opened = ["[redacted]", ...values].reduce((rest, value) => rest.replaceAll(value, openMark), text);
  return opened
    .replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    .replace(longNumber, String.raw`\d+`)
    .replaceAll(openMark, ".*");
}

const openMark = "\uE001";
