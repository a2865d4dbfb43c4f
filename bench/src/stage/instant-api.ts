import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { debianProgram } from "@talkme/test-debian";
import { findFreePort } from "@talkme/test-postgres";
import { Client } from "undici";

const statusPath = "/requests";
const startDeadlineMs = 60_000;

/** nginx from Debian's packages: answers and counts requests at next to no cost. */
export class InstantApi {
  readonly url: string;
  readonly #home: string;
  readonly #process: ChildProcess;
  readonly #client: Client;
  #questions = 0;

  private constructor(url: string, home: string, process: ChildProcess) {
    this.url = url;
    this.#home = home;
    this.#process = process;
    this.#client = new Client(url);
  }

  static async start(): Promise<InstantApi> {
    const program = await debianProgram("nginx", "usr/sbin/nginx");
    if (program.kind === "unavailable") throw new Error(`nginx is needed: ${program.reason}`);
    const home = await mkdtemp(join(tmpdir(), "talkme-nginx-"));
    const port = await findFreePort();
    const configuration = join(home, "nginx.conf");
    await writeFile(configuration, configurationFor(home, port));
    const nginx = spawn(program.path, ["-e", "stderr", "-p", home, "-c", configuration], {
      env: { ...process.env, ...program.env },
      // Not inherited: nginx, if left behind, must not keep this process's output open.
      stdio: ["ignore", "ignore", "pipe"],
    });
    nginx.stderr.pipe(process.stderr, { end: false });
    const api = new InstantApi(`http://127.0.0.1:${port}`, home, nginx);
    await api.#answers();
    return api;
  }

  /** The number of requests, without those for this count. */
  async countServed(): Promise<number> {
    this.#questions += 1;
    const { body } = await this.#client.request({ path: statusPath, method: "GET" });
    const [, handled] = /^ \d+ \d+ (\d+)/m.exec(await body.text()) ?? [];
    if (handled === undefined) throw new Error("nginx did not report its requests.");
    return Number(handled) - this.#questions;
  }

  async stop(): Promise<void> {
    await this.#client.destroy();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill("SIGTERM");
      await once(this.#process, "exit");
    }
    await rm(this.#home, { recursive: true, force: true });
  }

  async #answers(): Promise<void> {
    const endMs = performance.now() + startDeadlineMs;
    for (;;) {
      const failed = await this.countServed().then(
        () => null,
        (error: unknown) => error,
      );
      if (failed === null) return;
      // A refused connection made no request.
      this.#questions -= 1;
      if (this.#process.exitCode !== null || performance.now() > endMs) {
        await this.stop();
        throw new Error("nginx did not start.", { cause: failed });
      }
      await sleep(20);
    }
  }
}

function configurationFor(home: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `  ${kind}_temp_path ${join(home, kind)};`,
  );
  return `
daemon off;
# One process, so that ending it leaves none behind.
master_process off;
pid ${join(home, "nginx.pid")};
events { worker_connections 1024; }
http {
${temporary.join("\n")}
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 600s;
  default_type text/plain;
  server {
    listen 127.0.0.1:${port};
    location / { return 200 "100000000001"; }
    location = ${statusPath} { stub_status; }
  }
}
`;
}
