import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { findUnprivilegedUser } from "@talkme/test-postgres";

import type { ClusterPrograms } from "./cluster-programs.ts";
import { Etcd } from "./etcd.ts";
import { PatroniNode } from "./patroni-node.ts";

export interface ClusterOptions {
  readonly programs: ClusterPrograms;
  /** Whether a commit waits until a standby has it: Patroni's `synchronous_mode`. */
  readonly isSynchronous: boolean;
}

const nodeNames = ["one", "two", "three"];
const lookEveryMs = 200;
const healthyDeadlineMs = 120_000;
/** A node that crashed ahead of the leader may wait for WAL that nobody has: then an operator begins it anew. */
const reinitialiseAfterMs = 45_000;

/** Three nodes of PostgreSQL under Patroni, with an etcd: dispose of it, and nothing is left. */
export class PatroniCluster implements AsyncDisposable {
  readonly nodes: readonly PatroniNode[];
  readonly etcd: Etcd;
  readonly #isSynchronous: boolean;
  readonly #running: AsyncDisposableStack;

  private constructor(
    nodes: readonly PatroniNode[],
    etcd: Etcd,
    isSynchronous: boolean,
    running: AsyncDisposableStack,
  ) {
    this.nodes = nodes;
    this.etcd = etcd;
    this.#isSynchronous = isSynchronous;
    this.#running = running;
  }

  /** @throws with the end of Patroni's output, if the cluster does not become healthy. */
  static async start({ programs, isSynchronous }: ClusterOptions): Promise<PatroniCluster> {
    await using running = new AsyncDisposableStack();
    const home = await mkdtemp(join(tmpdir(), "talkme-cluster-"));
    running.defer(() => rm(home, { recursive: true, force: true }));
    // PostgreSQL's user, if it is another one, has to reach its own folder in it.
    await chmod(home, 0o755);
    const user = await findUnprivilegedUser();
    const etcd = running.use(await Etcd.start(programs.etcd, home));
    const nodes: PatroniNode[] = [];
    for (const name of nodeNames) {
      const options = { name, home: join(home, name), programs, user, etcdPort: etcd.port, isSynchronous };
      nodes.push(running.use(await PatroniNode.prepare(options)));
    }
    const cluster = new PatroniCluster(nodes, etcd, isSynchronous, running.move());
    try {
      await Promise.all(nodes.map((node) => node.start()));
      await cluster.healthy();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The node that holds the leader's lock; null while there is none. */
  async leader(): Promise<PatroniNode | null> {
    return this.#first((node) => node.isLeader());
  }

  /** The standby that commits wait for; null if there is none. */
  async synchronousStandby(): Promise<PatroniNode | null> {
    return this.#first((node) => node.isSynchronous());
  }

  /**
   * Waits until there is a leader that the two others follow, one of them synchronously if that is wanted. Begins those anew that
   * do not find back.
   *
   * @throws with the end of each Patroni's output, if that takes too long.
   */
  async healthy(signal?: AbortSignal): Promise<PatroniNode> {
    const endMs = performance.now() + healthyDeadlineMs;
    let reinitialiseAtMs = performance.now() + reinitialiseAfterMs;
    for (;;) {
      signal?.throwIfAborted();
      await Promise.all(this.nodes.map((node) => node.revive()));
      const leader = await this.leader();
      if (leader !== null && (await this.#isFollowed(leader))) return leader;
      if (leader !== null && performance.now() > reinitialiseAtMs) {
        reinitialiseAtMs = Number.POSITIVE_INFINITY;
        await this.#reinitialiseLost(leader);
      }
      if (performance.now() > endMs) throw new Error(`The cluster does not recover:\n${this.#outputs()}`);
      await sleep(lookEveryMs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }

  async #isFollowed(leader: PatroniNode): Promise<boolean> {
    const names = await this.#followersOf(leader);
    if (names.size < this.nodes.length - 1) return false;
    return !this.#isSynchronous || (await this.synchronousStandby()) !== null;
  }

  async #reinitialiseLost(leader: PatroniNode): Promise<void> {
    const names = await this.#followersOf(leader);
    const lost = this.nodes.filter((node) => node !== leader && !names.has(node.name));
    await Promise.all(lost.map((node) => node.reinitialise()));
  }

  async #followersOf(leader: PatroniNode): Promise<ReadonlySet<string>> {
    const { replication = [] } = (await leader.state()) ?? {};
    const streaming = replication.filter(({ state }) => state === "streaming");
    return new Set(streaming.map(({ application_name: name }) => name));
  }

  async #first(holds: (node: PatroniNode) => Promise<boolean>): Promise<PatroniNode | null> {
    const answers = await Promise.all(this.nodes.map(async (node) => ((await holds(node)) ? node : null)));
    return answers.find((node) => node !== null) ?? null;
  }

  #outputs(): string {
    return this.nodes.map(({ name, output }) => `--- ${name}\n${output.slice(-3000)}`).join("\n");
  }
}
