import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { needDebianProgram } from "@talkme/test-debian/vitest";
import { expect, onTestFinished, test } from "vitest";

import { variableNames, variablesSchema } from "../src/config/variables.ts";

const run = promisify(execFile);
const units = new URL("../../../deploy/systemd/", import.meta.url);
const unit = await readFile(new URL("syncd.service", units), "utf8");
const consoleUnit = await readFile(new URL("talkme-console.service", units), "utf8");

/** All values of a directive, in order. */
function values(directive: string, of = unit): readonly string[] {
  return [...of.matchAll(new RegExp(`^${directive}=(.*)$`, "gm"))].map(([, value = ""]) => value);
}

/** The unit as a file, with a program of this machine in place of the installed one. */
async function unitFile(of: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "talkme-unit-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, "syncd");
  await writeFile(program, "#!/bin/sh\n");
  await chmod(program, 0o755);
  const path = join(folder, "talkme.service");
  await writeFile(path, of.replace(/ExecStart=\S+/, `ExecStart=${program}`));
  return path;
}

const both = [
  ["syncd", unit],
  ["talkme-console", consoleUnit],
] as const;

test.for(both)("systemd-analyze verify finds no fault in the unit of %s", async ([, text], context) => {
  const { path, env } = await needDebianProgram(context, "systemd", "usr/bin/systemd-analyze");
  // Its targets come from the same package, wherever that was unpacked, then from the usual places.
  const targets = path.replace("/usr/bin/systemd-analyze", "/lib/systemd/system:");
  const { stdout, stderr } = await run(path, ["verify", "--man=no", await unitFile(text)], {
    env: { ...process.env, ...env, SYSTEMD_UNIT_PATH: targets },
  });
  expect(stdout + stderr).toBe("");
});

test.for(both)("systemd-analyze security scores the unit of %s below 2.0", async ([, text], context) => {
  const { path, env } = await needDebianProgram(context, "systemd", "usr/bin/systemd-analyze");
  const args = ["security", "--offline=true", "--no-pager", "--threshold=19", await unitFile(text)];
  const { stdout } = await run(path, args, { env: { ...process.env, ...env } });
  expect(Number(/exposure level for .*: (\d+\.\d)/.exec(stdout)?.[1])).toBeLessThan(2);
});

test("every setting in the unit exists, and secrets are passed only as credentials", () => {
  const given = values("Environment").map((value) => value.split("=")[0]?.replace(/_FILE$/, "") ?? "");
  expect(given).toEqual(["TALKME_DATABASE_URL", "TALKME_TOKEN"]);
  for (const name of given) expect(variableNames).toContain(name);
  const credentials = values("LoadCredential").map((value) => value.split(":")[0]);
  expect(values("Environment").map((value) => value.replace(/^.*%d\//, ""))).toEqual(credentials);
});

/** What both units take away from a process. */
function hardening(of: string): string | undefined {
  return /^# A temporary user[^]*?(?=^# Unix sockets|^# A Unix socket)/m.exec(of)?.[0];
}

test("the console is hardened as syncd is, and its secret is passed only as a credential", () => {
  expect(hardening(consoleUnit)).toBe(hardening(unit));
  for (const directive of [
    "RestrictAddressFamilies",
    "SystemCallFilter",
    "SystemCallArchitectures",
    "LimitCORE",
    "RestartPreventExitStatus",
  ])
    expect([directive, values(directive, consoleUnit)]).toEqual([directive, values(directive)]);
  expect(values("Environment", consoleUnit)).toEqual([
    "TALKME_CONSOLE_DATABASE_URL_FILE=%d/console_database_url",
  ]);
  expect(values("LoadCredential", consoleUnit)).toEqual([
    "console_database_url:/etc/syncd/console_database_url",
  ]);
});

test("a stop has time to drain, and the watchdog allows more than a turn may take", () => {
  const defaults = variablesSchema.parse({ TALKME_DATABASE_URL: "postgresql://db/app" });
  const stopMs = Number(values("TimeoutStopSec")[0]) * 1000;
  expect(stopMs).toBeGreaterThan(defaults.TALKME_DRAIN_TIMEOUT_MS + 5000);
  expect(Number(values("WatchdogSec")[0])).toBeGreaterThanOrEqual(30);
  expect(values("NotifyAccess")).toEqual(["all"]);
});

test("a reload signals the daemon itself, and ends nothing", () => {
  expect(values("ExecReload")).toEqual(["/bin/kill -HUP $MAINPID"]);
});

test("wrong settings do not cause a restart loop", () => {
  expect(values("Restart")).toEqual(["always"]);
  expect(values("RestartPreventExitStatus").join(" ").split(" ")).toContain("78");
});
