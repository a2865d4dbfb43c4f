import type { Ratio } from "../measure/ratio.ts";
import type { Table } from "../report/table.ts";
import type { Bench } from "../stage/bench-stage.ts";

export interface Scenario {
  readonly name: string;
  /** The question that it answers. */
  readonly question: string;
  run(bench: Bench): Promise<readonly (Ratio | Table)[]>;
}
