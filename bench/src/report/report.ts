import type { Ratio } from "../measure/ratio.ts";
import type { Scale } from "../stage/bench-stage.ts";
import type { Machine } from "./machine.ts";
import type { Table } from "./table.ts";

export interface Report {
  readonly startedAt: string;
  readonly scale: Scale;
  readonly rounds: number;
  readonly machine: Machine;
  readonly postgres: { readonly version: string; readonly settings: Readonly<Record<string, string>> };
  readonly loadAfter: number;
  readonly ratios: readonly Ratio[];
  readonly tables: readonly Table[];
}
