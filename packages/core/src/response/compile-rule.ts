import type { Answer } from "./answer.ts";
import { findJson, isTruthy, scalarText } from "./json-lookup.ts";
import type { Json } from "./parse-json.ts";
import type { RuleRegexp } from "./regexp-source.ts";
import type { ResponseRule } from "./response-rule.ts";
import type { ResponseShape } from "./response-shape.ts";
import { stripEchoes } from "./strip-echoes.ts";

/** A rule that is ready to match answers. */
export interface CompiledRule {
  readonly rule: ResponseRule;
  applies(answer: Answer, shape: ResponseShape): boolean;
  reference(shape: ResponseShape): string | null;
}

type Test = (answer: Answer, shape: ResponseShape) => boolean;

const longestReference = 128;

type Compile = (source: string) => RuleRegexp;

/** Prepares a rule; checks the cheap conditions first. */
export function compileRule(rule: ResponseRule, compile: Compile): CompiledRule {
  const tests = conditionTests(rule.when, compile);
  const referencePattern = rule.reference === undefined ? undefined : compile(rule.reference);
  const referencePaths = rule.referenceJson ?? [];
  return {
    rule,
    applies: (answer, shape) => tests.every((test) => test(answer, shape)),
    reference: (shape) =>
      wellFormedReference(referencePattern?.find(shape.text)) ??
      findJson(shape.json, referencePaths, (value) => wellFormedReference(scalarText(value))) ??
      (rule.when.says === undefined ? null : shape.saying()?.reference) ??
      null,
  };
}

function conditionTests(when: ResponseRule["when"], compile: Compile): Test[] {
  const tests: Test[] = [];
  const { status, contentType, kind, says, body, json } = when;
  if (status !== undefined) {
    const statuses = new Set<number | string>([status].flat());
    tests.push(
      ({ httpStatus }) => statuses.has(httpStatus) || statuses.has(`${Math.trunc(httpStatus / 100)}xx`),
    );
  }
  if (kind !== undefined) {
    const kinds = new Set<string>([kind].flat());
    tests.push((_answer, shape) => kinds.has(shape.kind));
  }
  if (says !== undefined) tests.push((_answer, shape) => shape.saying()?.says === says);
  if (contentType !== undefined) {
    const pattern = compile(contentType);
    tests.push((answer) => pattern.test((answer.contentType ?? "").slice(0, 256)));
  }
  if (body !== undefined) {
    const pattern = compile(body);
    tests.push((_answer, shape) => pattern.test(shape.text));
  }
  if (json !== undefined) {
    const paths = [json.path].flat();
    const holds = jsonTest(json, compile);
    tests.push(
      (_answer, shape) => findJson(shape.json, paths, (value) => holds(value) || undefined) === true,
    );
  }
  return tests;
}

function jsonTest(
  { equals, matches, truthy }: NonNullable<ResponseRule["when"]["json"]>,
  compile: Compile,
): (value: Json) => boolean {
  const wanted = equals === undefined ? undefined : new Set<Json>([equals].flat());
  const pattern = matches === undefined ? undefined : compile(matches);
  return (value) => {
    if (wanted !== undefined && !wanted.has(value)) return false;
    if (truthy !== undefined && isTruthy(value) !== truthy) return false;
    if (pattern === undefined) return true;
    const text = scalarText(value);
    return text !== undefined && pattern.test(stripEchoes(text).trim());
  };
}

function wellFormedReference(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === "" || trimmed.length > longestReference ? undefined : trimmed;
}
