import type { CompiledQuery } from "kysely";

/** Whatever runs a compiled statement: a Kysely instance, or something leaner. */
export interface StatementRunner {
  executeQuery<Row>(query: CompiledQuery<Row>): Promise<{ readonly rows: Row[] }>;
}
