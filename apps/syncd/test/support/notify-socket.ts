import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { needDebianProgram } from "@talkme/test-debian/vitest";
import { onTestFinished, vi, type TestContext } from "vitest";

/** A socket such as systemd gives a service, and what the service sent through it. */
export class NotifySocket {
  /** For the service. */
  readonly environment: Readonly<Record<string, string>>;
  #heard = "";

  private constructor(environment: Readonly<Record<string, string>>) {
    this.environment = environment;
  }

  /** Skips the test without `systemd-notify` or `socat`: Node cannot receive on such a socket. */
  static async open(context: Pick<TestContext, "skip">): Promise<NotifySocket> {
    const notify = await needDebianProgram(context, "systemd", "bin/systemd-notify");
    const socat = await needDebianProgram(context, "socat", "usr/bin/socat");
    const folder = await mkdtemp(join(tmpdir(), "talkme-notify-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "notify");
    const receiver = spawn(socat.path, ["-u", `UNIX-RECV:${path}`, "STDOUT"], {
      env: { ...process.env, ...socat.env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(async () => {
      receiver.kill();
      await once(receiver, "close");
    });
    // systemd confirms a message and socat does not, so the sender must not wait for that.
    const program = join(folder, "systemd-notify");
    const variables = Object.entries(notify.env).map(([name, value]) => `${name}='${value}' `);
    await writeFile(program, `#!/bin/sh\n${variables.join("")}exec '${notify.path}' --no-block "$@"\n`, {
      mode: 0o755,
    });
    const socket = new NotifySocket({
      NOTIFY_SOCKET: path,
      PATH: [folder, process.env["PATH"] ?? ""].join(delimiter),
    });
    receiver.stdout.on("data", (chunk) => {
      socket.#heard += String(chunk);
    });
    await vi.waitFor(() => stat(path), { timeout: 60_000 });
    return socket;
  }

  /** All messages received, in order. */
  get heard(): string {
    return this.#heard;
  }

  forget(): void {
    this.#heard = "";
  }
}
