/** What `talkme-console check` says of one thing. */
export interface Finding {
  readonly level: "ok" | "warning" | "problem";
  /** What, and what to do about it. Names nobody: the log has it too. */
  readonly text: string;
  /** Whom or what it concerns, for whoever runs the command. */
  readonly names?: readonly string[];
}
