import { LeaderPooler, PatroniCluster, type ClusterPrograms } from "@talkme/test-cluster";

import type { Entrance } from "./failover-report.ts";
import type { Durability, FailingServers } from "./failover-stage.ts";

/** How far the standbys are behind where nobody waits for them. */
const asynchronousDelayMs = 1500;

/** A cluster under Patroni, and the way to its leader. */
export class ClusterServers implements FailingServers, AsyncDisposable {
  readonly cluster: PatroniCluster;
  readonly #entrance: Entrance;
  readonly #programs: ClusterPrograms;
  readonly #running: AsyncDisposableStack;
  #pooler: LeaderPooler | null = null;

  private constructor(
    cluster: PatroniCluster,
    entrance: Entrance,
    programs: ClusterPrograms,
    running: AsyncDisposableStack,
  ) {
    this.cluster = cluster;
    this.#entrance = entrance;
    this.#programs = programs;
    this.#running = running;
  }

  static async start(
    programs: ClusterPrograms,
    durability: Durability,
    entrance: Entrance,
  ): Promise<ClusterServers> {
    await using running = new AsyncDisposableStack();
    const isSynchronous = durability === "standby";
    const cluster = running.use(await PatroniCluster.start({ programs, isSynchronous }));
    if (!isSynchronous) for (const node of cluster.nodes) node.delayReplication(asynchronousDelayMs);
    return new ClusterServers(cluster, entrance, programs, running.move());
  }

  /** The end of what each program wrote, by its name. */
  get outputs(): Readonly<Record<string, string>> {
    return {
      ...Object.fromEntries(this.cluster.nodes.map(({ name, output }) => [`patroni-${name}`, output])),
      ...(this.#pooler === null ? {} : { pgbouncer: this.#pooler.output }),
    };
  }

  get urls(): readonly string[] {
    return this.cluster.nodes.map(({ url }) => url);
  }

  readonly leaderUrl = async (): Promise<string> => {
    const leader = await this.cluster.leader();
    if (leader === null) throw new Error("The cluster has no leader at present.");
    return leader.url;
  };

  readonly settingsFor = async (
    database: string,
    login: string,
  ): Promise<Readonly<Record<string, string>>> => {
    const { nodes } = this.cluster;
    const access = `postgresql://${login}:${login}@`;
    switch (this.#entrance) {
      case "hosts": {
        const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(",");
        return { TALKME_DATABASE_URL: `${access}${hosts}/${database}?target_session_attrs=read-write` };
      }
      case "pgbouncer": {
        const pooler = await LeaderPooler.start({
          program: this.#programs.pgbouncer,
          leaderPort: async () => (await this.cluster.leader())?.port ?? null,
          databaseUrl: `${access}127.0.0.1/${database}`,
        });
        this.#pooler = this.#running.use(pooler);
        return { TALKME_DATABASE_URL: pooler.url, TALKME_LISTEN_URL: "off" };
      }
    }
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }
}
