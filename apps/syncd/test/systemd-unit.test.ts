import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { needDebianProgram } from "@talkme/test-debian/vitest";
import { expect, onTestFinished, test } from "vitest";

import { variableNames, variablesSchema } from "../src/config/variables.ts";

const run = promisify(execFile);
const unit = await readFile(new URL("../../../deploy/systemd/syncd.service", import.meta.url), "utf8");

/** All values of a directive, in order. */
function values(directive: string): readonly string[] {
  return [...unit.matchAll(new RegExp(`^${directive}=(.*)$`, "gm"))].map(([, value = ""]) => value);
}

/** The unit as a file, with a program that this machine has in place of the one that it installs. */
async function unitFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "talkme-unit-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, "syncd");
  await writeFile(program, "#!/bin/sh\n");
  await chmod(program, 0o755);
  const path = join(folder, "syncd.service");
  await writeFile(path, unit.replace("ExecStart=/opt/syncd/bin/syncd", `ExecStart=${program}`));
  return path;
}

test("systemd-analyze verify has nothing to say about the unit", async (context) => {
  const { path, env } = await needDebianProgram(context, "systemd", "usr/bin/systemd-analyze");
  // The targets that it names are those of the same package, wherever that was unpacked; then the usual ones.
  const targets = path.replace("/usr/bin/systemd-analyze", "/lib/systemd/system:");
  const { stdout, stderr } = await run(path, ["verify", "--man=no", await unitFile()], {
    env: { ...process.env, ...env, SYSTEMD_UNIT_PATH: targets },
  });
  expect(stdout + stderr).toBe("");
});

test("systemd-analyze security scores the unit below 2.0", async (context) => {
  const { path, env } = await needDebianProgram(context, "systemd", "usr/bin/systemd-analyze");
  const args = ["security", "--offline=true", "--no-pager", "--threshold=19", await unitFile()];
  const { stdout } = await run(path, args, { env: { ...process.env, ...env } });
  expect(Number(/exposure level for .*: (\d+\.\d)/.exec(stdout)?.[1])).toBeLessThan(2);
});

test("every setting that the unit gives exists, and secrets are given as credentials alone", () => {
  const given = values("Environment").map((value) => value.split("=")[0]?.replace(/_FILE$/, "") ?? "");
  expect(given).toEqual(["TALKME_DATABASE_URL", "TALKME_TOKEN"]);
  for (const name of given) expect(variableNames).toContain(name);
  const credentials = values("LoadCredential").map((value) => value.split(":")[0]);
  expect(values("Environment").map((value) => value.replace(/^.*%d\//, ""))).toEqual(credentials);
});

test("a stop has the time of a drain, and a watchdog more than a loop may take to be fed", () => {
  const defaults = variablesSchema.parse({ TALKME_DATABASE_URL: "postgresql://db/app" });
  const stopMs = Number(values("TimeoutStopSec")[0]) * 1000;
  expect(stopMs).toBeGreaterThan(defaults.TALKME_DRAIN_TIMEOUT_MS + 5000);
  expect(Number(values("WatchdogSec")[0])).toBeGreaterThanOrEqual(30);
  expect(values("NotifyAccess")).toEqual(["all"]);
});

test("a reload asks the daemon itself for it, and ends nothing", () => {
  expect(values("ExecReload")).toEqual(["/bin/kill -HUP $MAINPID"]);
});

test("wrong settings do not start it again and again", () => {
  expect(values("Restart")).toEqual(["always"]);
  expect(values("RestartPreventExitStatus").join(" ").split(" ")).toContain("78");
});
