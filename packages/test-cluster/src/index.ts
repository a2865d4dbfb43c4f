export { findClusterPrograms, type ClusterPrograms } from "./cluster-programs.ts";
export { LeaderPooler } from "./leader-pooler.ts";
export { ttlSeconds } from "./patroni-configuration.ts";
export { PatroniCluster } from "./patroni-cluster.ts";
export type { PatroniNode } from "./patroni-node.ts";
export { Relay, type Passage } from "./relay.ts";
export { StreamingCluster } from "./streaming-cluster.ts";
