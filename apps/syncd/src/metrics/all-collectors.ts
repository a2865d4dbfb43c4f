import type { Registry } from "@prometheus-io/client";
import type { CircuitKind } from "@talkme/outbox";
import type { CampaignProgress, HistoryState, InstanceCounts, TableHealth } from "@talkme/outbox/daemon";

import type { PoolState } from "../database/connection-pool.ts";
import type { Collector } from "./collector.ts";
import { campaignsCollector } from "./collectors/campaigns.ts";
import { circuitsCollector } from "./collectors/circuits.ts";
import { databasePoolCollector } from "./collectors/database-pool.ts";
import { historyCollector } from "./collectors/history.ts";
import { instancesCollector } from "./collectors/instances.ts";
import { listenerCollector, type ListenerState } from "./collectors/listener.ts";
import { outboxCollector, type OutboxReading } from "./collectors/outbox.ts";
import { pipelineCollector, type PipelineSources } from "./collectors/pipeline.ts";
import { processCollector } from "./collectors/process.ts";
import { snapshotCollector } from "./collectors/snapshot.ts";
import { tablesCollector } from "./collectors/tables.ts";
import type { OldestSnapshot } from "./oldest-snapshot.ts";

/** The sources of the collectors. */
export interface CollectorSources {
  readonly outbox: () => Promise<OutboxReading>;
  readonly campaigns: () => Promise<readonly CampaignProgress[]>;
  readonly tables: () => Promise<readonly TableHealth[]>;
  readonly snapshot: () => Promise<OldestSnapshot | null>;
  readonly instances: () => Promise<InstanceCounts>;
  readonly history: () => Promise<Pick<HistoryState, "changed">>;
  readonly pipeline: PipelineSources;
  readonly circuits: () => ReadonlyMap<string, CircuitKind | null>;
  readonly listener: () => ListenerState;
  readonly pools: () => ReadonlyMap<string, PoolState>;
}

/** Every collector, in the order of docs/metrics.md. */
export function allCollectors(registry: Registry, sources: CollectorSources): readonly Collector[] {
  return [
    outboxCollector(registry, sources.outbox),
    campaignsCollector(registry, sources.campaigns),
    pipelineCollector(registry, sources.pipeline),
    circuitsCollector(registry, sources.circuits),
    listenerCollector(registry, sources.listener),
    instancesCollector(registry, sources.instances),
    historyCollector(registry, sources.history),
    tablesCollector(registry, sources.tables),
    snapshotCollector(registry, sources.snapshot),
    databasePoolCollector(registry, sources.pools),
    processCollector(registry),
  ];
}
