/**
 * What the tests of an installation have in place of systemd, below the folder that it is installed into: it starts what
 * the installed unit says with the unit's settings and credentials, and ends it by SIGTERM.
 *
 * `node systemd-stand-in.ts ROOT PROGRAM ARGUMENT…` is `systemctl`, `deb-systemd-invoke` or `systemd-run`.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const [root = "", program = "", ...args] = process.argv.slice(2);
/** The service that is meant: `syncd` or `talkme-console`. */
const services = /^(syncd|talkme-console)(?:\.service)?$/;
const [verb, given = "syncd"] = args.filter((arg) => !arg.startsWith("--"));
const service = services.exec(given)?.[1] ?? "syncd";
const pidFile = join(root, `run/${service}.pid`);

/** A process that has ended and that nobody has waited for has no command line. */
function runningPid(): number | null {
  const pid = existsSync(pidFile) ? readFileSync(pidFile, "utf8") : "";
  const commandLine = `/proc/${pid}/cmdline`;
  const isRunning = pid !== "" && existsSync(commandLine) && readFileSync(commandLine, "utf8") !== "";
  return isRunning ? Number(pid) : null;
}

/** The unit that counts, and its drop-ins. */
function unit(): string {
  const file =
    ["etc", "usr/lib"]
      .map((folder) => join(root, folder, `systemd/system/${service}.service`))
      .find((path) => existsSync(path)) ?? "";
  const dropIns = globSync(join(root, `etc/systemd/system/${service}.service.d/*.conf`)).toSorted();
  return [file, ...dropIns].map((path) => readFileSync(path, "utf8")).join("\n");
}

/** What a process gets by the directives of a unit; credentials are passed in a folder of its own. */
function environmentOf(directives: readonly string[], credentials: string): Record<string, string> {
  mkdirSync(join(root, credentials), { recursive: true, mode: 0o700 });
  const environment: Record<string, string> = { PATH: "/usr/bin:/bin", TZ: "UTC" };
  for (const directive of directives) {
    const [, name, value = ""] = /^(\w+)=(.*)$/.exec(directive) ?? [];
    if (name === "LoadCredential") {
      const [id = "", path = ""] = value.split(":");
      writeFileSync(join(root, credentials, id), readFileSync(inRoot(path)), { mode: 0o600 });
    }
    if (name === "Environment")
      assign(
        environment,
        value.replaceAll("%d", credentials).replaceAll(credentials, join(root, credentials)),
      );
    if (name === "EnvironmentFile") {
      for (const line of readFileSync(join(root, value), "utf8").split("\n"))
        if (/^\w+=/.test(line)) assign(environment, line);
    }
  }
  return environment;
}

/** SYNCD_OWNER_URL names a file by its path on the machine that runs the test. */
function inRoot(path: string): string {
  return path.startsWith(root) ? path : join(root, path);
}

function assign(environment: Record<string, string>, setting: string): void {
  const end = setting.indexOf("=");
  environment[setting.slice(0, end)] = setting.slice(end + 1);
}

function start(): void {
  if (runningPid() !== null) return;
  const directives = unit().split("\n");
  const [file = "", ...rest] =
    directives
      .find((line) => line.startsWith("ExecStart="))
      ?.slice("ExecStart=".length)
      .split(" ") ?? [];
  const journal = openSync(join(root, "run/journal"), "a");
  const child = spawn(join(root, file), rest, {
    env: environmentOf(directives, `/run/credentials/${service}.service`),
    stdio: ["ignore", journal, journal],
    detached: true,
  });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
}

async function stop(): Promise<void> {
  const pid = runningPid();
  if (pid !== null) process.kill(pid, "SIGTERM");
  while (runningPid() !== null) await setTimeout(20);
  rmSync(pidFile, { force: true });
}

/** `systemd-run`: a command with the properties of a transient unit, to its end. */
function run(): number {
  const own = args.slice(
    0,
    args.findIndex((arg) => !arg.startsWith("--")),
  );
  const properties = own.flatMap((arg) =>
    arg.startsWith("--property=") ? [arg.slice("--property=".length)] : [],
  );
  const name = own.find((arg) => arg.startsWith("--unit="))?.slice("--unit=".length) ?? "";
  const [file = "", ...rest] = args.slice(own.length);
  const env = environmentOf(properties, `/run/credentials/${name}.service`);
  return spawnSync(join(root, file), rest, { env, stdio: "inherit" }).status ?? 1;
}

const isRunning = runningPid() !== null;
if (program === "systemd-run") process.exitCode = run();
else if (!services.test(given)) process.exitCode = 0;
else if (verb === "cat") process.stdout.write(unit());
else if (verb === "is-active" || verb === "status") {
  process.stdout.write(isRunning ? "active\n" : "inactive\n");
  process.exitCode = isRunning ? 0 : 3;
} else if (verb === "start" || (verb === "enable" && args.includes("--now"))) start();
else if (verb === "stop") await stop();
else if (verb === "restart") {
  await stop();
  start();
} else if (verb !== "daemon-reload" && verb !== "enable" && verb !== "reset-failed") {
  process.stderr.write(`The stand-in for systemd knows no ${program} ${args.join(" ")}\n`);
  process.exitCode = 1;
}
