import type { CompiledQuery } from "kysely";

/** Whatever carries out a statement that is ready: a Kysely instance, or something that does it with less ado. */
export interface StatementRunner {
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<{ readonly rows: Row[] }>;
}
