import { join } from "node:path";

import type { DebianProgram } from "@talkme/test-debian";

import { findLastingPort } from "./lasting-port.ts";
import { RunningProgram } from "./running-program.ts";

/** The store in which Patroni keeps who the leader is: one etcd, which may be away for a while. */
export class Etcd implements AsyncDisposable {
  readonly #program: DebianProgram;
  readonly #home: string;
  readonly #peerPort: number;
  readonly port: number;
  #running: RunningProgram | null = null;

  private constructor(program: DebianProgram, home: string, port: number, peerPort: number) {
    this.#program = program;
    this.#home = home;
    this.port = port;
    this.#peerPort = peerPort;
  }

  static async start(program: DebianProgram, home: string): Promise<Etcd> {
    const etcd = new Etcd(program, home, await findLastingPort(), await findLastingPort());
    await etcd.start();
    return etcd;
  }

  /** Starts it, with what it kept; returns when it answers. */
  async start(): Promise<void> {
    const [client, peer] = [this.port, this.#peerPort].map((port) => `http://127.0.0.1:${port}`);
    const { path, env } = this.#program;
    const options = {
      "data-dir": join(this.#home, "etcd"),
      "listen-client-urls": client,
      "advertise-client-urls": client,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `default=${peer}`,
      "log-level": "error",
      "enable-v2": "true",
    };
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    const running = new RunningProgram({ command: [path, ...args], env, cwd: this.#home, user: null });
    this.#running = running;
    await running.answers(async () => (await fetch(`${client}/health`)).ok);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#running?.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
