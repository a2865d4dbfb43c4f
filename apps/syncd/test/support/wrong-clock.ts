import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { needDebianProgram } from "@talkme/test-debian/vitest";
import { onTestFinished, type TestContext } from "vitest";

import type { Stage } from "./stage.ts";
import type { Syncd } from "./syncd.ts";

/**
 * A wrong machine clock for the processes started with it; PostgreSQL, the API and the test keep the right one. The
 * monotonic clock runs on, as when a machine's clock is set.
 */
export class WrongClock {
  readonly #library: string;
  readonly #folder: string;

  private constructor(library: string, folder: string) {
    this.#library = library;
    this.#folder = folder;
  }

  /** Skips the test without libfaketime. */
  static async open(context: Pick<TestContext, "skip">, offsetSeconds: number): Promise<WrongClock> {
    const { path } = await needDebianProgram(context, "libfaketime", "usr/lib/*/faketime/libfaketimeMT.so.1");
    const folder = await mkdtemp(join(tmpdir(), "talkme-clock-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const clock = new WrongClock(path, folder);
    await clock.set(offsetSeconds);
    return clock;
  }

  /** Makes it jump: from now on it is wrong by that much. */
  async set(offsetSeconds: number): Promise<void> {
    const draft = join(this.#folder, "draft");
    await writeFile(draft, `${offsetSeconds < 0 ? "" : "+"}${offsetSeconds}\n`);
    // Every reading of the time reads this file, even during this write.
    await rename(draft, this.#file);
  }

  /** The environment of a program that goes by this clock. */
  get environment(): Readonly<Record<string, string>> {
    const preloaded = process.env["LD_PRELOAD"] ?? "";
    return {
      LD_PRELOAD: [this.#library, ...(preloaded === "" ? [] : [preloaded])].join(":"),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
    };
  }

  /** Starts `syncd run` on a stage by this clock. */
  run(stage: Stage, settings: Readonly<Record<string, string>> = {}): Syncd {
    const syncd = stage.run({ ...settings, ...this.environment });
    onTestFinished(() => this.kill(syncd));
    return syncd;
  }

  /** `kill -9`, and removes what libfaketime leaves behind, which otherwise only the process itself would remove. */
  async kill(syncd: Syncd): Promise<void> {
    const shared = (await readdir("/dev/shm")).filter((name) => /faketime_(?:shm|sem)_\d+$/.test(name));
    const own = await Promise.all(shared.map((name) => runsWith(this.#file, name.replace(/^.*_/, ""))));
    syncd.signal("SIGKILL");
    await syncd.exit();
    await Promise.all(
      shared.filter((_, at) => own[at]).map((name) => rm(`/dev/shm/${name}`, { force: true })),
    );
  }

  get #file(): string {
    return join(this.#folder, "offset");
  }
}

async function runsWith(file: string, pid: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "(it has ended)");
  return environment.includes(file);
}
