import { DatabaseError } from "pg";

/** What psql shows of a refusal, and the constraint that `\errverbose` adds. */
export interface Refusal {
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
}

/** The refusal of a statement; fails if it succeeds. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await work.then(
    () => new Error("It was not refused."),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseError)) throw error;
  const { code, constraint, message, hint } = error;
  return { code, constraint, message, hint };
}
