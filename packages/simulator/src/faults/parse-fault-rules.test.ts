import { expect, test } from "vitest";
import { FaultRulesError, parseFaultRules } from "./parse-fault-rules.ts";

test("a list and a document with the list under `faults` mean the same, and defaults are filled in", () => {
  const rule = { do: { kind: "status", status: 503, headers: { "X-Id": "1" } } };
  expect(parseFaultRules({ faults: [rule] })).toEqual(parseFaultRules([rule]));
  expect(parseFaultRules([rule])).toEqual([
    {
      match: {},
      do: {
        kind: "status",
        status: 503,
        body: "",
        headers: { "x-id": "1" },
        retryAfterForm: "seconds",
        when: "before",
      },
    },
  ]);
});

test.each<[string, unknown, RegExp]>([
  ["nothing", null, /expected object/],
  ["a document without faults", { rules: [] }, /faults/],
  ["no fault", [{ match: {} }], /\[0\]\.do/],
  ["an unknown kind", [{ do: { kind: "explode" } }], /\[0\]\.do\.kind/],
  ["a misspelt condition", [{ match: { number: "1" }, do: { kind: "html" } }], /"number"[^]*\[0\]\.match/],
  ["a misspelt parameter", [{ do: { kind: "latency", milliseconds: 1 } }], /"milliseconds"/],
  ["a lost answer that does not say when", [{ do: { kind: "hang" } }], /\[0\]\.do\.when/],
  ["a success as a status", [{ do: { kind: "status", status: 200 } }], />=400[^]*\[0\]\.do\.status/],
  ["an unknown shape", [{ do: { kind: "success", shape: "yes" } }], /\[0\]\.do\.shape/],
  [
    "a probability over 1",
    [{ match: { probability: 2 }, do: { kind: "html" } }],
    /\[0\]\.match\.probability/,
  ],
  ["a number that has no digits", [{ match: { numero: "x" }, do: { kind: "html" } }], /\[0\]\.match\.numero/],
  [
    "a header that would break the answer",
    [{ do: { kind: "status", status: 500, headers: { a: "b\nc" } } }],
    /headers/,
  ],
  [
    "a header that frames the answer",
    [{ do: { kind: "status", status: 500, headers: { "Content-Length": "1" } } }],
    /sets itself/,
  ],
  ["a location that would break the answer", [{ do: { kind: "redirect", location: "a\nb" } }], /location/],
  ["HTML in a status without a body", [{ do: { kind: "html", status: 204 } }], /without a body/],
  [
    "an unread drop that needs the body",
    [{ match: { numero: "1" }, do: { kind: "drop", when: "unread" } }],
    /unread strikes before/,
  ],
])("refuses %s, and says where", (_what, input, message) => {
  expect(() => parseFaultRules(input)).toThrow(FaultRulesError);
  expect(() => parseFaultRules(input)).toThrow(message);
});

test("names all problems at once", () => {
  const rules = [{ do: { kind: "hang" } }, { do: { kind: "drip", when: "never" } }];
  expect(() => parseFaultRules(rules)).toThrow(/\[0\][^]*\[1\]/);
});
