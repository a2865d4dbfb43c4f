import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, copyFile, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { defaultIdCliente, defaultToken } from "@talkme/simulator";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, type TestContext } from "vitest";

import { bareMachine, ownSettings, paste } from "./support/bare-machine.ts";
import { asDaemon } from "./support/daemon-login.ts";
import { HeldApi } from "./support/held-api.ts";
import { InstalledSystem } from "./support/installed-system.ts";
import { ask } from "./support/own-server.ts";
import { pack, type Packed } from "./support/packed.ts";
import { shellBlocks, type ShellBlock } from "./support/shell-blocks.ts";
import { Stage } from "./support/stage.ts";

const run = promisify(execFile);

const guide = await readFile(new URL("../../../docs/install-debian.md", import.meta.url), "utf8");
const blocks = shellBlocks(guide);

/** Takes minutes, and is what {@link pack} does without compressing. */
const building = "deploy/debian/package /tmp\n";

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
});
afterAll(() => packed.remove());

/** A block that the bundle's replace, or that concerns the package alone. */
function isOfPackage({ script }: ShellBlock): boolean {
  return /\.deb$|reset-failed|purge|prometheus/m.test(script);
}

/** A version, installed, with settings and secrets for a database and an API, as an operator gives them. */
async function configured(
  context: TestContext,
  file: string,
  databaseUrl: string,
  apiUrl: string,
): Promise<InstalledSystem> {
  const system = await InstalledSystem.open(context);
  await system.dpkg("--install", file);
  await writeFile(system.path("/etc/syncd/database_url"), `${asDaemon(databaseUrl)}\n`);
  await writeFile(system.path("/etc/syncd/token"), `${defaultToken}\n`);
  const settings = [
    `TALKME_ID_CLIENTE=${defaultIdCliente}`,
    `TALKME_BASE_URL=${apiUrl}`,
    "TALKME_HTTP_PORT=0",
  ];
  await appendFile(system.path("/etc/syncd/syncd.env"), `${settings.join("\n")}\n`);
  return system;
}

/** A login for the console, and a person for it, for this test alone: roles belong to the whole server. */
async function consoleLogin(databaseUrl: string): Promise<{ readonly url: string; readonly person: string }> {
  const login = `console_${crypto.randomUUID().slice(0, 8)}`;
  const person = `${login}_person`;
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(async () => {
    await client.query(`drop role ${person}; drop role ${login}`);
    await client.end();
  });
  await client.query(`
    create role ${login} login noinherit password '${login}' in role talkme_console;
    create role ${person} in role talkme_operator;
    grant ${person} to ${login};
  `);
  const url = new URL(databaseUrl);
  url.username = login;
  url.password = login;
  return { url: url.href, person };
}

/** The mode of a file as dpkg made it. */
async function mode(system: InstalledSystem, path: string): Promise<string> {
  return ((await stat(system.path(path))).mode & 0o777).toString(8);
}

describe("the package", () => {
  test("the same tree makes the same package, byte by byte, wherever and whenever it is packed", async () => {
    await utimes(join(packed.tree, "package.json"), new Date(), new Date());
    const again = await packed.again({ TZ: "America/Sao_Paulo", LC_ALL: "C" });
    const [one, other] = await Promise.all([readFile(packed.later), readFile(again)]);
    expect(one.equals(other)).toBe(true);
  });

  test("all files belong to root, nobody else may write one, and no path of the bundle is left", async (context) => {
    const { stdout } = await run("dpkg-deb", ["--contents", packed.first], { maxBuffer: 64 * 1024 * 1024 });
    const entries = stdout.trimEnd().split("\n");
    expect(entries.length).toBeGreaterThan(1000);
    expect(entries.filter((line) => !/^[-dl]\S{9} root\/root /.test(line))).toEqual([]);
    expect(entries.filter((line) => !line.startsWith("l") && /^.(?:.{4}w|.{7}w)/.test(line))).toEqual([]);

    const system = await InstalledSystem.open(context);
    await system.dpkg("--install", packed.later);
    for (const file of [
      "/usr/lib/systemd/system/syncd.service",
      "/usr/lib/systemd/system/talkme-console.service",
      "/usr/sbin/syncd-admin",
      "/usr/sbin/talkme-console-admin",
      "/usr/lib/talkme-outbox/bin/syncd",
    ])
      expect(await system.read(file)).not.toContain("/opt/");
    const copyright = await system.read("/usr/share/doc/talkme-outbox/copyright");
    expect(copyright).toContain("The Talk.me outbox authors");
    expect(copyright).toContain("Copyright Node.js contributors");
    expect(copyright).toMatch(/\bpg 8\.\S+:$|\bpg 8\.\S+,/m);
  });

  test("an installation starts nothing, and its secrets are for root alone", async (context) => {
    const system = await InstalledSystem.open(context);
    const said = await system.dpkg("--install", packed.later);

    expect(said).toContain("syncd is not started");
    expect((await system.shell("systemctl is-active syncd")).output).toBe("inactive\n");
    expect(existsSync(system.path("/etc/systemd/system/multi-user.target.wants/syncd.service"))).toBe(false);
    expect(await mode(system, "/etc/syncd")).toBe("700");
    expect(await mode(system, "/etc/syncd/database_url")).toBe("600");
    expect(await mode(system, "/etc/syncd/token")).toBe("600");
    expect(await mode(system, "/etc/syncd/console_database_url")).toBe("600");
    expect((await system.shell("systemctl is-active talkme-console")).output).toBe("inactive\n");
    const { code, output } = await system.shell("syncd-admin check");
    expect(code).toBe(78);
    expect(output).toContain("TALKME_TOKEN");
  });

  test("the installed syncd checks, sends a row, and drains when it is upgraded; the new one goes on with the edited settings", async (context) => {
    const stage = await Stage.open();
    const api = await HeldApi.open();
    const system = await configured(context, packed.first, stage.databaseUrl, api.url);
    const check = await system.shell("syncd-admin check");
    expect(check).toMatchObject({ code: 0, output: expect.stringContaining("schema") });

    await system.shell("systemctl enable --now syncd");
    const onTheWire = await stage.insert("11988880001");
    await api.holds("11988880001");
    const upgrade = system.dpkg("--install", packed.later);
    // The drain has begun: nothing is claimed any more.
    await expect.poll(async () => system.read("/run/journal")).toContain("draining");
    const afterwards = await stage.insert("11988880002");
    api.accept("11988880001");
    await upgrade;

    await stage.reaches(onTheWire, "sent");
    await api.holds("11988880002");
    api.accept("11988880002");
    await stage.reaches(afterwards, "sent");
    expect(api.numbers).toEqual(["11988880001", "11988880002"]);
    const settings = await system.read("/etc/syncd/syncd.env");
    expect(settings).toContain(`TALKME_BASE_URL=${api.url}`);
    expect(settings).not.toContain("NEW_IN_THIS_VERSION");
    expect(await system.read("/etc/syncd/token")).toBe(`${defaultToken}\n`);
    expect((await system.shell("syncd --version")).output).toMatch(/^\d/);
  });

  test("the installed console gets people by talkme-console-admin and serves them; an upgrade restarts it, and starts no syncd", async (context) => {
    const stage = await Stage.open();
    const { url, person } = await consoleLogin(stage.databaseUrl);
    const system = await InstalledSystem.open(context);
    await system.dpkg("--install", packed.later);
    await writeFile(system.path("/etc/syncd/console_database_url"), `${url}\n`);
    await appendFile(system.path("/etc/syncd/console.env"), "TALKME_CONSOLE_HTTP_PORT=0\n");

    const check = await system.shell("talkme-console-admin check");
    expect(check).toMatchObject({
      code: 1,
      output: expect.stringContaining("Nobody can log in by a password"),
    });
    const added = await system.shell(
      `talkme-console-admin account add ana --role ${person}`,
      "uma senha bem comprida\n",
    );
    expect(added.output).toBe(`ana logs in as the role ${person}.\n`);
    expect((await system.shell("talkme-console-admin check")).code).toBe(0);

    await system.shell("systemctl enable --now talkme-console");
    const started = async () => [...(await system.read("/run/journal")).matchAll(/"http":"([^"]+)"/g)];
    await expect.poll(started).toHaveLength(1);
    const [[, address = ""] = []] = await started();
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    const page = await (await fetch(`${address}/entrar`)).text();
    for (const [, path = ""] of page.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|svg))"/g))
      expect([path, (await fetch(`${address}${path}`)).status]).toEqual([path, 200]);

    await system.dpkg("--install", packed.later);
    await expect.poll(started).toHaveLength(2);
    expect((await system.shell("systemctl is-active syncd")).output).toBe("inactive\n");
  });

  test("an upgrade starts no syncd that somebody has stopped", async (context) => {
    const stage = await Stage.open();
    const system = await configured(context, packed.later, stage.databaseUrl, stage.simulator.url);
    await system.shell("systemctl enable --now syncd && systemctl stop syncd");

    await system.dpkg("--install", packed.later);
    expect((await system.shell("systemctl is-active syncd")).output).toBe("inactive\n");
  });

  test("an upgrade says whether it brings migrations, and how to apply them", async (context) => {
    const system = await InstalledSystem.open(context);
    await system.dpkg("--install", packed.later);
    expect(await system.dpkg("--install", packed.later)).not.toContain("migrations");

    const migrations = system.path("/usr/lib/talkme-outbox/node_modules/@talkme/outbox/migrations");
    for (const file of await readdir(migrations)) await rm(join(migrations, file));
    expect(await system.dpkg("--install", packed.later)).toMatch(
      /brings migrations[^]*run: syncd-admin migrate/,
    );
  });

  test("a removal stops syncd and leaves the settings; a purge takes settings and secrets, and no row", async (context) => {
    const stage = await Stage.open();
    const system = await configured(context, packed.later, stage.databaseUrl, stage.simulator.url);
    await system.shell("systemctl enable --now syncd");
    await stage.reaches(await stage.insert("11988880001"), "sent");

    await system.dpkg("--remove", "talkme-outbox");
    expect((await system.shell("systemctl is-active syncd")).output).toBe("inactive\n");
    expect(existsSync(system.path("/usr/lib/talkme-outbox"))).toBe(false);
    expect(await system.read("/etc/syncd/token")).toBe(`${defaultToken}\n`);
    expect(await system.read("/etc/syncd/syncd.env")).toContain("TALKME_BASE_URL");

    await system.dpkg("--install", packed.later);
    expect(await system.read("/etc/syncd/token")).toBe(`${defaultToken}\n`);

    await system.dpkg("--purge", "talkme-outbox");
    expect(existsSync(system.path("/etc/syncd"))).toBe(false);
    expect(await stage.count("status = 'sent'")).toBe(1);
  });
});

// A loaded machine takes minutes for two servers, a migration and three installations.
describe("the guide", { timeout: 600_000 }, () => {
  test("each block for the package, pasted in order, leads from a bare machine to a sent row, an upgrade and a purge", async (context) => {
    const machine = await bareMachine(context);
    const { system, postgres, simulator } = machine;
    const file = system.path("/tmp/talkme-outbox_0.1.0_amd64.deb");
    await copyFile(packed.first, file);
    const chosen = blocks.filter(({ script, mark }) => mark === "" && script !== building);
    expect(chosen.length).toBeGreaterThan(12);

    const output = await paste(machine, chosen, {
      "syncd-admin check": ownSettings(machine),
      "systemctl reset-failed": `systemctl is-active syncd`,
      promtool: `cp '${packed.later}' '${file}'`,
    });

    expect(output).toMatch(/\| sent +\|/);
    expect(output).toContain("SUCCESS");
    expect(simulator.ledger.distinctNumbers()).toBe(1);
    expect(existsSync(system.path("/etc/syncd"))).toBe(false);
    const url = new URL("/app", postgres.url).href;
    expect(await ask({ url }, "select created_by, status from talkme.outbox")).toEqual([
      { created_by: "shop", status: "sent" },
    ]);
  });

  test("the blocks for the bundle, in place of the package's, lead to a daemon that runs before and after an upgrade", async (context) => {
    const machine = await bareMachine(context);
    const { system, simulator } = machine;
    const archive = system.path("/tmp/syncd.tar.gz");
    await run("tar", ["--create", "--gzip", "--file", archive, "--directory", dirname(packed.tree), "syncd"]);
    const chosen = blocks.filter((block) => block.script !== building && !isOfPackage(block));

    const output = await paste(machine, chosen, {
      "syncd-admin check": ownSettings(machine),
      "syncd-old": "systemctl is-active syncd",
    });

    expect(output).toMatch(/\| sent +\|/);
    expect(simulator.ledger.distinctNumbers()).toBe(1);
    expect((await system.shell("systemctl is-active syncd")).output).toBe("active\n");
  });

  test("no block of the guide has a prompt, and none but the one that builds goes untested", () => {
    expect(blocks.filter(({ script }) => /^[#$] /m.test(script))).toEqual([]);
    expect(blocks.filter(({ script }) => script === building)).toHaveLength(1);
  });
});
