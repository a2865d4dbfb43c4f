import { setTimeout as sleep } from "node:timers/promises";

import type { PatroniCluster, PatroniNode } from "@talkme/test-cluster";

import { cancelWaits } from "./cancel-waits.ts";
import type { FailoverDisturbance } from "./failover-disturbance.ts";

/** How long a change of roles takes to begin. */
const takeoverDeadlineMs = 60_000;

/** Does one thing to the leader or around it, and undoes it. The cluster may need a while to become healthy after it. */
export async function strikeLeader(
  cluster: PatroniCluster,
  leader: PatroniNode,
  disturbance: FailoverDisturbance,
): Promise<void> {
  switch (disturbance.kind) {
    case "kill PostgreSQL":
      await leader.killPostgres();
      break;
    case "kill the leader":
      await leader.killPatroni();
      await leader.killPostgres();
      await sleep(disturbance.downMs);
      await leader.start();
      break;
    case "kill Patroni":
      await leader.killPatroni();
      await sleep(disturbance.downMs);
      await leader.start();
      break;
    case "freeze the leader":
      await leader.freeze();
      await anotherLeads(cluster, leader);
      await sleep(disturbance.ms);
      await leader.thaw();
      break;
    case "cut replication":
      leader.replication(disturbance.cut);
      await sleep(disturbance.ms);
      leader.replication("open");
      break;
    case "cut replication and cancel waits": {
      leader.replication(disturbance.cut);
      await cancelWaits(leader.url, disturbance.ms);
      leader.replication("open");
      break;
    }
    case "cut off the leader":
      leader.isolate(disturbance.cut);
      await sleep(disturbance.ms);
      leader.isolate("open");
      break;
    case "switch over":
      await leader.switchOver();
      await anotherLeads(cluster, leader);
      break;
    case "kill a standby": {
      const standby = (await cluster.synchronousStandby()) ?? cluster.nodes.find((node) => node !== leader);
      await standby?.killPatroni();
      await standby?.killPostgres();
      await sleep(disturbance.downMs);
      await standby?.start();
      break;
    }
    case "etcd is away":
      await cluster.etcd.kill();
      await sleep(disturbance.ms);
      await cluster.etcd.start();
  }
}

async function anotherLeads(cluster: PatroniCluster, old: PatroniNode): Promise<void> {
  const endMs = performance.now() + takeoverDeadlineMs;
  for (;;) {
    const leader = await cluster.leader();
    if (leader !== null && leader !== old) return;
    if (performance.now() > endMs) throw new Error("No other node has taken over.");
    await sleep(100);
  }
}
