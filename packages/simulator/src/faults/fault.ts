import { z } from "zod";
import { failureShapes } from "../api/failure-shape.ts";
import { successShapes } from "../api/success-shape.ts";
import { headerFields, headerValue } from "./header-fields.ts";

/**
 * When a fault strikes. `before`: the message is not accepted, and nobody gets it. `after`: it is accepted and in the
 * ledger, whatever the client then sees. Required where the answer is lost or unreadable, because only the rule's author
 * knows which of the two to test.
 */
const when = z.enum(["before", "after"]);

const milliseconds = z.int().min(0).max(3_600_000);
/** Limited, because it is kept in memory. */
const bodyBytes = z.int().min(1).max(67_108_864);

/** HTTP has no body in a 204, 205 or 304. */
const statusWithBody = z
  .int()
  .min(200)
  .max(599)
  .refine((status) => ![204, 205, 304].includes(status), "is a status without a body");

export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("latency"), ms: milliseconds, jitterMs: milliseconds.default(0) }),
  z.strictObject({ kind: z.literal("success"), shape: z.enum(successShapes) }),
  z.strictObject({ kind: z.literal("failure"), shape: z.enum(failureShapes), when: when.default("before") }),
  z.strictObject({
    kind: z.literal("refusal"),
    /** The refusal's words. @default those of the catalogue in turn */
    body: z.string().optional(),
    when: when.default("before"),
  }),
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(400).max(599),
    body: z.string().default(""),
    contentType: headerValue.optional(),
    headers: headerFields.optional(),
    retryAfterSeconds: z.int().min(0).optional(),
    retryAfterForm: z.enum(["seconds", "http-date"]).default("seconds"),
    when: when.default("before"),
  }),
  z.strictObject({
    kind: z.literal("html"),
    status: statusWithBody.default(200),
    when: when.default("before"),
  }),
  z.strictObject({
    kind: z.literal("redirect"),
    status: z.literal([301, 302, 303, 307, 308]).default(302),
    location: headerValue.default("/manutencao.html"),
    when: when.default("before"),
  }),
  z.strictObject({ kind: z.literal("empty"), status: z.int().min(200).max(599).default(200), when }),
  z.strictObject({ kind: z.literal("garbage"), bytes: bodyBytes.default(512), when }),
  z.strictObject({ kind: z.literal("huge"), bytes: bodyBytes.default(1_048_576), when }),
  z.strictObject({ kind: z.literal("hang"), when }),
  z.strictObject({ kind: z.literal("drop"), when: z.enum(["unread", "before", "after"]) }),
  z.strictObject({ kind: z.literal("reset"), at: z.enum(["start", "half"]).default("half"), when }),
  z.strictObject({ kind: z.literal("truncate"), when }),
  z.strictObject({
    kind: z.literal("drip"),
    bytes: z.int().min(1).default(1),
    intervalMs: milliseconds.default(100),
    when,
  }),
]);

/** A fault as written, defaults optional. The README's table explains each. */
export type Fault = z.input<typeof faultSchema>;

/** A fault with its defaults filled in. */
export type ResolvedFault = z.output<typeof faultSchema>;

/** A fault that decides the answer; latency alone only delays it. */
export type AnsweringFault = Exclude<ResolvedFault, { kind: "latency" }>;

/** Its name in the ledger and the statistics, unless its rule has one. */
export function faultName(fault: ResolvedFault): string {
  switch (fault.kind) {
    case "success":
    case "failure":
      return fault.shape;
    case "status":
      return `status-${fault.status}`;
    case "latency":
    case "refusal":
    case "html":
    case "redirect":
    case "empty":
    case "garbage":
    case "huge":
    case "hang":
    case "drop":
    case "reset":
    case "truncate":
    case "drip":
      return fault.kind;
  }
}

/** Whether the message is lost: nobody gets it. */
export function strikesBefore(fault: AnsweringFault): boolean {
  switch (fault.kind) {
    case "success":
      return false;
    case "drop":
    case "failure":
    case "refusal":
    case "status":
    case "html":
    case "redirect":
    case "empty":
    case "garbage":
    case "huge":
    case "hang":
    case "reset":
    case "truncate":
    case "drip":
      return fault.when !== "after";
  }
}
