import type { Subject } from "../language/findings/subjects.ts";
import type { Text } from "../language/text.ts";

/** The result of a check. A `problem` would keep `run` from working; a `warning` would not. */
export interface Finding {
  readonly subject: Subject;
  readonly severity: "ok" | "warning" | "problem";
  /** The fact. */
  readonly detail: Text;
  /** What to do about it; absent where nothing is wrong. */
  readonly remedy?: Text;
}

export function ok(subject: Subject, detail: Text): Finding {
  return { subject, severity: "ok", detail };
}

export function problem(subject: Subject, detail: Text, remedy: Text): Finding {
  return { subject, severity: "problem", detail, remedy };
}

export function warning(subject: Subject, detail: Text, remedy: Text): Finding {
  return { subject, severity: "warning", detail, remedy };
}
