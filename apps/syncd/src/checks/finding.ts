/** The result of a check. A `problem` would keep `run` from working; a `warning` would not. */
export interface Finding {
  readonly subject: string;
  readonly severity: "ok" | "warning" | "problem";
  /** The fact. */
  readonly detail: string;
  /** What to do about it; absent where nothing is wrong. */
  readonly remedy?: string;
}

export function ok(subject: string, detail: string): Finding {
  return { subject, severity: "ok", detail };
}

export function problem(subject: string, detail: string, remedy: string): Finding {
  return { subject, severity: "problem", detail, remedy };
}

export function warning(subject: string, detail: string, remedy: string): Finding {
  return { subject, severity: "warning", detail, remedy };
}
