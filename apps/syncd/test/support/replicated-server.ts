import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

import type { PostgresServer } from "@talkme/test-postgres";
import { Client } from "pg";
import { onTestFinished, vi } from "vitest";

import { OwnServer } from "./own-server.ts";

const name = "talkme_standby";

/** An {@link OwnServer} with a standby that follows it over a connection that can be cut. */
export class ReplicatedServer {
  readonly primary: OwnServer;
  readonly standby: PostgresServer;
  readonly link: ReplicationLink;

  private constructor(primary: OwnServer, standby: PostgresServer, link: ReplicationLink) {
    this.primary = primary;
    this.standby = standby;
    this.link = link;
  }

  /** No standby is named yet. Producers commit without waiting for one; syncd's sessions wait by default. */
  static async open(): Promise<ReplicatedServer> {
    const primary = await OwnServer.open({ settings: { wal_keep_size: "256MB" } });
    await primary.sql("alter role postgres set synchronous_commit = local");
    await primary.postgres.stop("fast");
    const link = await ReplicationLink.open(Number(new URL(primary.url).port));
    const standby = await primary.postgres.startStandby({
      primary_conninfo: `host=127.0.0.1 port=${link.port} user=postgres password=postgres application_name=${name}`,
      wal_retrieve_retry_interval: "100ms",
      wal_receiver_status_interval: "1s",
    });
    await primary.postgres.start();
    return new ReplicatedServer(primary, standby, link);
  }

  /** From now on commits wait for the standby, if it is connected or not. */
  async nameStandby(names = name): Promise<void> {
    await this.primary.sql(`alter system set synchronous_standby_names = '${names}'`);
    await this.primary.sql("select pg_reload_conf()");
  }

  /** Commits wait for the standby, which is connected. */
  async synchronise(): Promise<void> {
    await this.nameStandby();
    await vi.waitFor(
      async () => {
        const rows = await this.primary.sql("select from pg_stat_replication where sync_state = 'sync'");
        if (rows.length !== 1) throw new Error("The standby does not follow.");
      },
      { timeout: 30_000 },
    );
  }

  /** Waits until a claim waits for the standby. */
  async claimWaits(): Promise<void> {
    await vi.waitFor(
      async () => {
        if (!(await this.isClaimWaiting())) throw new Error("No claim waits for the standby.");
      },
      { timeout: 60_000, interval: 5 },
    );
  }

  async isClaimWaiting(): Promise<boolean> {
    const waiting = await this.primary.sql(
      "select from pg_stat_activity where wait_event = 'SyncRep' and query ~ 'settle_and_claim'",
    );
    return waiting.length > 0;
  }

  /** Crashes the primary, and makes the standby the new one. */
  async failOver(): Promise<Client> {
    await this.primary.postgres.stop("immediate");
    const client = new Client({ connectionString: this.standby.url });
    client.on("error", () => "The server was stopped.");
    onTestFinished(() => client.end());
    await client.connect();
    await client.query("select pg_promote()");
    return client;
  }
}

/** The way of the WAL to the standby. */
export class ReplicationLink {
  readonly port: number;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(port: number) {
    this.port = port;
  }

  static async open(primaryPort: number): Promise<ReplicationLink> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The link does not listen.");
    const link = new ReplicationLink(address.port);
    server.on("connection", (standby) => link.#join(standby, primaryPort));
    onTestFinished(() => {
      link.cut();
      server.close();
    });
    return link;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  #join(standby: Socket, primaryPort: number): void {
    const primary = connect(primaryPort, "127.0.0.1");
    for (const [socket, other] of [[standby, primary] as const, [primary, standby] as const]) {
      this.#sockets.add(socket);
      socket.on("error", () => "Its close follows.");
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    if (this.#isCut) standby.destroy();
  }
}
