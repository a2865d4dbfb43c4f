import { Gauge, type Registry } from "@prometheus-io/client";

import type { PoolState } from "../../database/connection-pool.ts";
import { forget, type Collector } from "../collector.ts";

/** @param pools The state of each pool by its name. */
export function databasePoolCollector(
  registry: Registry,
  pools: () => ReadonlyMap<string, PoolState>,
): Collector {
  const registers = [registry];
  const connections = new Gauge({
    name: "talkme_database_connections",
    help: "Open connections to the database. pool: pipeline, side (counting, maintenance), heartbeat; state: idle, used",
    labelNames: ["pool", "state"],
    registers,
  });
  const waiting = new Gauge({
    name: "talkme_database_pool_waiting",
    help: "Statements that wait for a free connection. Above 0 for more than moments: something blocks all of the pool",
    labelNames: ["pool"],
    registers,
  });
  const max = new Gauge({
    name: "talkme_database_pool_max",
    help: "How many connections the pool may open",
    labelNames: ["pool"],
    registers,
  });
  return {
    name: "database_pool",
    collect: () => {
      for (const [pool, state] of pools()) {
        connections.set({ pool, state: "idle" }, state.idle);
        connections.set({ pool, state: "used" }, state.used);
        waiting.set({ pool }, state.waiting);
        max.set({ pool }, state.max);
      }
    },
    forget: () => forget(connections, waiting, max),
  };
}
