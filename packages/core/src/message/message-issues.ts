import type * as z from "zod";

import { errorCodes, isErrorCode } from "../errors/error-codes.ts";
import type { ErrorCode } from "../errors/error-codes.ts";
import type { MessageIssue } from "./message-issue.ts";

/**
 * The issues of `messageSchema` or `infoContatoSchema` as sentences that name the field, with stable codes and without
 * the field's value.
 */
export function messageIssues(error: z.ZodError): [MessageIssue, ...MessageIssue[]] {
  const [first, ...others] = error.issues.map(messageIssue);
  return [first ?? wholeMessage("invalid_message"), ...others];
}

function messageIssue(issue: z.core.$ZodIssue): MessageIssue {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((key) => JSON.stringify(key)).join(", ");
    return {
      path,
      code: "unknown_field",
      message: `${path === "" ? "A message" : path} has no field ${names}.`,
    };
  }
  const code = issueCode(issue);
  if (path === "") return wholeMessage(code);
  // The messages of this package are sentences; the others lack their subject.
  const isSentence = issue.message.endsWith(".");
  return { path, code, message: isSentence ? `${path}: ${issue.message}` : `${path} ${issue.message}.` };
}

function wholeMessage(code: ErrorCode): MessageIssue {
  const { meaning, remedy } = errorCodes[code];
  return { path: "", code, message: `${meaning} ${remedy}` };
}

function issueCode(issue: z.core.$ZodIssue): ErrorCode {
  if (issue.code !== "custom") return "invalid_message";
  const code: unknown = issue.params?.["code"];
  return typeof code === "string" && isErrorCode(code) ? code : "invalid_message";
}
