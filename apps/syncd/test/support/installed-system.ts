import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { needDebianProgram } from "@talkme/test-debian/vitest";
import { neutralEnvironment } from "@talkme/test-syncd";
import { onTestFinished, type TestContext } from "vitest";

import { makeProgramFolder } from "./program-folder.ts";

const run = promisify(execFile);
const standIn = fileURLToPath(new URL("systemd-stand-in.ts", import.meta.url));

/** dpkg's way into a folder that belongs to whoever runs the test; maintainer scripts run, and see it as DPKG_ROOT. */
const anybody = ["--force-not-root", "--force-script-chrootless", "--force-depends", "--force-unsafe-io"];

interface Ended {
  readonly code: number;
  readonly output: string;
}

/**
 * A folder that Debian's packages are installed into for real, by dpkg, and the programs of that system in `PATH`. In place
 * of systemd, a {@link standIn} starts and ends the service.
 */
export class InstalledSystem {
  readonly root: string;
  readonly #programs: string;

  private constructor(root: string) {
    this.root = root;
    this.#programs = join(root, "stand-ins");
  }

  /** Skips the test without dpkg, or what its maintainer scripts call. */
  static async open(context: Pick<TestContext, "skip">): Promise<InstalledSystem> {
    await needDebianProgram(context, "dpkg", "usr/bin/dpkg");
    await needDebianProgram(context, "init-system-helpers", "usr/bin/deb-systemd-helper");
    const system = new InstalledSystem(await makeProgramFolder());
    const { root } = system;
    for (const folder of [
      "stand-ins",
      "root",
      "opt",
      "etc/systemd/system",
      "run/systemd/system",
      "var/lib/dpkg",
    ])
      await mkdir(join(root, folder), { recursive: true });
    for (const file of ["status", "available"]) await writeFile(join(root, "var/lib/dpkg", file), "");
    for (const name of ["systemctl", "systemd-run", "deb-systemd-invoke"])
      await system.provide(name, `exec '${process.execPath}' '${standIn}' '${root}' ${name} "$@"`);
    onTestFinished(async () => {
      await system.shell("systemctl stop syncd; systemctl stop talkme-console");
      await rm(root, { recursive: true, force: true });
    });
    return system;
  }

  /** Puts a program of a few lines of shell before all others in `PATH`. */
  async provide(name: string, script: string): Promise<void> {
    const path = join(this.#programs, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }

  get environment(): Record<string, string> {
    const own = ["stand-ins", "usr/local/sbin", "usr/sbin", "usr/bin"].map((folder) =>
      join(this.root, folder),
    );
    return {
      ...neutralEnvironment(),
      HOME: join(this.root, "root"),
      LC_ALL: "C.UTF-8",
      SYNCD_OWNER_URL: this.path("/etc/syncd/owner_url"),
      PATH: [...own, process.env["PATH"] ?? "", "/usr/sbin", "/sbin"].join(delimiter),
    };
  }

  /** Where a path of the installed system is. */
  path(path: string): string {
    return join(this.root, path);
  }

  async read(path: string): Promise<string> {
    return readFile(this.path(path), "utf8");
  }

  /** dpkg for this system, as apt calls it without a person: a changed setting stays as it is. */
  get dpkgCommand(): string {
    return ["dpkg", `--root=${this.root}`, ...anybody, "--force-confdef", "--force-confold"].join(" ");
  }

  async dpkg(...args: readonly string[]): Promise<string> {
    const [program = "", ...before] = this.dpkgCommand.split(" ");
    const { stdout, stderr } = await run(program, [...before, ...args], { env: this.environment });
    return stdout + stderr;
  }

  /** Runs a script of bash as its root would. */
  async shell(script: string, input = ""): Promise<Ended> {
    const bash = spawn("bash", ["-e", "-c", script], { env: this.environment, cwd: this.path("/root") });
    bash.stdin.end(input);
    const closed = new Promise<number>((resolve, reject) => {
      bash.once("error", reject);
      bash.once("close", (code) => resolve(code ?? -1));
    });
    const [code, out, err] = await Promise.all([closed, text(bash.stdout), text(bash.stderr)]);
    return { code, output: out + err };
  }
}
