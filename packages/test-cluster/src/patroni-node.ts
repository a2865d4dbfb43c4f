import { chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { UnprivilegedUser } from "@talkme/test-postgres";

import type { ClusterPrograms } from "./cluster-programs.ts";
import { findLastingPort } from "./lasting-port.ts";
import { patroniConfiguration, superuser } from "./patroni-configuration.ts";
import { familyOf, signalAll } from "./process-family.ts";
import { Relay, type Passage } from "./relay.ts";
import { RunningProgram } from "./running-program.ts";

export interface NodeOptions {
  readonly name: string;
  readonly home: string;
  readonly programs: ClusterPrograms;
  readonly user: UnprivilegedUser | null;
  readonly etcdPort: number;
  readonly isSynchronous: boolean;
}

/** What Patroni says of its node. */
export interface NodeState {
  readonly state: string;
  readonly role: string;
  readonly replication?: readonly { readonly application_name: string; readonly state: string }[];
}

const askTimeoutMs = 1000;

/** A PostgreSQL server under a Patroni of its own. */
export class PatroniNode implements AsyncDisposable {
  readonly name: string;
  /** Where clients reach it. */
  readonly port: number;
  readonly #options: NodeOptions;
  readonly #restPort: number;
  readonly #relays: { readonly postgres: Relay; readonly rest: Relay; readonly etcd: Relay };
  #patroni: RunningProgram | null = null;
  #isWanted = false;

  private constructor(
    options: NodeOptions,
    ports: { readonly postgres: number; readonly rest: number },
    relays: { readonly postgres: Relay; readonly rest: Relay; readonly etcd: Relay },
  ) {
    this.name = options.name;
    this.port = ports.postgres;
    this.#options = options;
    this.#restPort = ports.rest;
    this.#relays = relays;
  }

  /** Prepares a node, which is not running yet. */
  static async prepare(options: NodeOptions): Promise<PatroniNode> {
    const { home, name, programs, user, etcdPort, isSynchronous } = options;
    const ports = { postgres: await findLastingPort(), rest: await findLastingPort() };
    await using opened = new AsyncDisposableStack();
    const [postgres, rest, etcd] = [
      opened.use(await Relay.open(ports.postgres)),
      opened.use(await Relay.open(ports.rest)),
      opened.use(await Relay.open(etcdPort)),
    ] as const;
    await mkdir(home);
    const configuration = patroniConfiguration({
      name,
      home,
      postgresFolder: programs.postgres.folder,
      isSynchronous,
      ports: { ...ports, postgresForPeers: postgres.port, restForPeers: rest.port, etcd: etcd.port },
    });
    const file = join(home, "patroni.json");
    await writeFile(file, configuration);
    if (user !== null) await Promise.all([home, file].map((path) => chown(path, user.uid, user.gid)));
    opened.move();
    return new PatroniNode(options, ports, { postgres, rest, etcd });
  }

  /** The end of what its Patroni wrote. */
  get output(): string {
    return this.#patroni?.output ?? "";
  }

  /** Its URL for the superuser. */
  get url(): string {
    return `postgresql://${superuser}:${superuser}@127.0.0.1:${this.port}/postgres`;
  }

  /** Starts its Patroni, which starts PostgreSQL as a leader or follower. */
  async start(): Promise<void> {
    const { programs, home, user } = this.#options;
    const { command, env } = programs.patroni;
    await this.#patroni?.kill();
    this.#isWanted = true;
    this.#patroni = new RunningProgram({
      command: [...command, join(home, "patroni.json")],
      env: { ...programs.postgres.env, ...env },
      cwd: home,
      user,
    });
  }

  /** Starts its Patroni again if it has ended by itself, as a service manager does. */
  async revive(): Promise<void> {
    if (this.#isWanted && this.#patroni?.hasEnded === true) await this.start();
  }

  /** What its Patroni says; null if it does not answer. */
  async state(): Promise<NodeState | null> {
    const response = await this.#ask("/patroni");
    if (response === null) return null;
    const state: NodeState = JSON.parse(await response.text());
    return state;
  }

  /** Whether its Patroni says that it holds the lock of the leader. */
  async isLeader(): Promise<boolean> {
    return (await this.#ask("/primary"))?.status === 200;
  }

  /** Whether it is the standby that Patroni would promote, because commits wait for it. */
  async isSynchronous(): Promise<boolean> {
    return (await this.#ask("/synchronous"))?.status === 200;
  }

  /** Asks its Patroni, the leader's, to hand over to whichever node it chooses, as `patronictl switchover` does. */
  async switchOver(): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#restPort}/switchover`, {
      method: "POST",
      body: JSON.stringify({ leader: this.name }),
    });
    if (!response.ok) throw new Error(`Patroni refuses to switch over: ${await response.text()}`);
  }

  /** Has it begin from a copy of the leader, as `patronictl reinit` does. Nothing happens where its Patroni is not there. */
  async reinitialise(): Promise<void> {
    await this.#ask("/reinitialize", { method: "POST", body: JSON.stringify({ force: true }) });
  }

  /** kill -9 of its Patroni; PostgreSQL goes on by itself. */
  async killPatroni(): Promise<void> {
    this.#isWanted = false;
    await this.#patroni?.kill();
  }

  /** kill -9 of PostgreSQL, all its processes at once. */
  async killPostgres(): Promise<void> {
    signalAll(await this.#postgresFamily(), "SIGKILL");
  }

  /** SIGSTOP of both, as if the machine stood still. */
  async freeze(): Promise<void> {
    this.#patroni?.signal("SIGSTOP");
    // Those it had just started are found by the second look.
    for (let look = 0; look < 2; look++) signalAll(await this.#postgresFamily(), "SIGSTOP");
  }

  /** SIGCONT of both. */
  async thaw(): Promise<void> {
    signalAll(await this.#postgresFamily(), "SIGCONT");
    this.#patroni?.signal("SIGCONT");
  }

  /** Whether the standbys reach this node. */
  replication(passage: Passage): void {
    this.#relays.postgres.pass(passage);
  }

  /** How much later the standbys get what this node sends them. */
  delayReplication(ms: number): void {
    this.#relays.postgres.delay(ms);
  }

  /** Whether it reaches etcd, and the other nodes reach it; clients always do. */
  isolate(passage: Passage): void {
    for (const relay of Object.values(this.#relays)) relay.pass(passage);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#patroni?.kill();
    await this.killPostgres();
    await Promise.all(Object.values(this.#relays).map((relay) => relay[Symbol.asyncDispose]()));
  }

  async #ask(path: string, request: RequestInit = {}): Promise<Response | null> {
    const signal = AbortSignal.timeout(askTimeoutMs);
    return fetch(`http://127.0.0.1:${this.#restPort}${path}`, { ...request, signal }).catch(() => null);
  }

  /** Empty if it is not running. */
  async #postgresFamily(): Promise<readonly number[]> {
    const data = join(this.#options.home, "data");
    const file = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
    const pid = Number.parseInt(file, 10);
    if (!Number.isInteger(pid)) return [];
    // After a kill -9 the file stays, and another process may have got the number.
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return command.includes(data) ? familyOf(pid) : [];
  }
}
