import { Gauge, type Registry } from "@prometheus-io/client";
import type { TableHealth } from "@talkme/outbox/daemon";

import { forget, type Collector } from "../collector.ts";

/** The health of the tables, small ones included, because they bloat too; every instance reports the same. */
export function tablesCollector(registry: Registry, read: () => Promise<readonly TableHealth[]>): Collector {
  const labelNames = ["table"] as const;
  const registers = [registry];
  const dead = new Gauge({
    name: "talkme_table_dead_rows",
    help: "Row versions of each table that vacuum has not removed yet, as PostgreSQL estimates; includes partitions",
    labelNames,
    registers,
  });
  const bytes = new Gauge({
    name: "talkme_table_size_bytes",
    help: "Size of each table with its indexes",
    labelNames,
    registers,
  });
  const vacuumed = new Gauge({
    name: "talkme_table_last_vacuum_timestamp_seconds",
    help: "When the table was last vacuumed, by hand or autovacuum, as a Unix time; 0 if never",
    labelNames,
    registers,
  });
  const analyzed = new Gauge({
    name: "talkme_table_last_analyze_timestamp_seconds",
    help: "When the table was last analyzed, as a Unix time; the estimate of sent rows dates from then. 0 if never",
    labelNames,
    registers,
  });
  return {
    name: "tables",
    collect: async () => {
      for (const { table, deadRows, bytes: size, vacuumedAtSeconds, analyzedAtSeconds } of await read()) {
        dead.set({ table }, deadRows);
        bytes.set({ table }, size);
        vacuumed.set({ table }, vacuumedAtSeconds);
        analyzed.set({ table }, analyzedAtSeconds);
      }
    },
    forget: () => forget(dead, bytes, vacuumed, analyzed),
  };
}
