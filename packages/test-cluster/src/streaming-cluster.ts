import { startEmbeddedServer, type EmbeddedServer, type PostgresServer } from "@talkme/test-postgres";
import { Client } from "pg";

import { Relay } from "./relay.ts";

const standbys = 2;

/**
 * A primary and two standbys with plain streaming replication and no manager: whoever uses it promotes. Clients have one
 * address, which leads to the primary. Dispose of it, and nothing is left.
 */
export class StreamingCluster implements AsyncDisposable {
  readonly #servers: readonly PostgresServer[];
  readonly #clients: Relay;
  readonly #replication: Relay;
  readonly #running: AsyncDisposableStack;
  #primary: PostgresServer;

  private constructor(
    primary: EmbeddedServer,
    followers: readonly PostgresServer[],
    relays: { readonly clients: Relay; readonly replication: Relay },
    running: AsyncDisposableStack,
  ) {
    this.#primary = primary;
    this.#servers = [primary, ...followers];
    this.#clients = relays.clients;
    this.#replication = relays.replication;
    this.#running = running;
  }

  /** @param settings Further settings of all three, such as `synchronous_standby_names`, once the standbys follow. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<StreamingCluster> {
    await using running = new AsyncDisposableStack();
    const primary = await startEmbeddedServer({
      inMemory: true,
      settings: { full_page_writes: "on", wal_keep_size: "256MB" },
    });
    running.defer(() => primary.remove());
    const clients = running.use(await Relay.open(portOf(primary)));
    const replication = running.use(await Relay.open(portOf(primary)));
    await primary.stop("fast");
    const followers: PostgresServer[] = [];
    for (let number = 1; number <= standbys; number++)
      followers.push(await primary.startStandby(following(replication, `standby${number}`)));
    await primary.start();
    const cluster = new StreamingCluster(primary, followers, { clients, replication }, running.move());
    try {
      await cluster.#followed(standbys);
      for (const [name, value] of Object.entries(settings)) await cluster.#set(name, value);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The superuser's URL, which leads to the primary. */
  get url(): string {
    const url = new URL(this.#primary.url);
    url.port = String(this.#clients.port);
    return url.href;
  }

  /** How far the standbys are behind. */
  delayReplication(ms: number): void {
    this.#replication.delay(ms);
  }

  /**
   * The primary crashes for good. The standby that has received more is promoted, the other one follows it, and clients are
   * led there. What the standbys have not received is gone.
   */
  async failOver(): Promise<void> {
    const old = this.#primary;
    await old.stop("immediate");
    this.#replication.pass("refused");
    const places = await Promise.all(
      this.#servers
        .filter((one) => one !== old)
        .map(async (server) => ({ server, lsn: await received(server) })),
    );
    const [first] = places.toSorted((a, b) => Number(b.lsn - a.lsn));
    if (first === undefined) throw new Error("There is no standby to promote.");
    await query(first.server.url, "select pg_promote()");
    this.#primary = first.server;
    this.#replication.delay(0);
    this.#replication.lead(portOf(first.server));
    this.#replication.pass("open");
    this.#clients.lead(portOf(first.server));
    await this.#followed(1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }

  /** On the primary and, because any may become it, on the standbys. */
  async #set(name: string, value: string): Promise<void> {
    for (const { url } of this.#servers) {
      await query(url, `alter system set ${name} = '${value}'`);
      await query(url, "select pg_reload_conf()");
    }
  }

  async #followed(count: number): Promise<void> {
    const question = "select count(*)::integer as answer from pg_stat_replication where state = 'streaming'";
    const endMs = performance.now() + 60_000;
    while (Number(await query(this.#primary.url, question)) < count) {
      if (performance.now() > endMs) throw new Error("The standbys do not follow.");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function following({ port }: Relay, name: string): Readonly<Record<string, string>> {
  return {
    primary_conninfo: `host=127.0.0.1 port=${port} user=postgres password=postgres application_name=${name}`,
    wal_retrieve_retry_interval: "200ms",
    wal_receiver_status_interval: "1s",
  };
}

function portOf({ url }: PostgresServer): number {
  return Number(new URL(url).port);
}

/** The bytes of WAL that a standby has. */
async function received({ url }: PostgresServer): Promise<bigint> {
  const lsn = "coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())";
  return BigInt(String(await query(url, `select pg_wal_lsn_diff(${lsn}, '0/0') as answer`)));
}

async function query(url: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(text);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}
