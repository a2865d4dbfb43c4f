import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);
const script = fileURLToPath(new URL("../../../deploy/systemd/syncd-admin", import.meta.url));
const units = fileURLToPath(new URL("../../../deploy/systemd/", import.meta.url));

/** What syncd-admin asks of systemd on a machine whose unit has this drop-in; needs no systemd or root. */
async function asked(
  args: readonly string[],
  dropIn = "",
  hasOwner = false,
  service = "syncd",
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "talkme-admin-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "override.conf"), dropIn);
  if (hasOwner) await writeFile(join(folder, "owner_url"), "postgresql://owner@db/app");
  const programs = {
    systemctl: `#!/bin/sh\n[ "$*" = "cat ${service}.service" ] && cat ${units}${service}.service ${folder}/override.conf\n`,
    "systemd-run": `#!/bin/sh\nprintf '%s\\n' "$@"\n`,
  };
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  const command = join(folder, `${service}-admin`);
  await symlink(script, command);
  const { stdout } = await run("sh", [command, ...args], {
    env: { PATH: `${folder}:/usr/bin:/bin`, SYNCD_OWNER_URL: join(folder, "owner_url") },
  });
  return stdout.trimEnd().split("\n");
}

function properties(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => /^--property=(?:LoadCredential|Environment)/.test(line))
    .map((line) =>
      line
        .replace("--property=", "")
        .replace(/\/run\/credentials\/[a-z-]+-admin-\d+\.service\//, "CREDENTIALS/")
        .replace(/(owner_url:).*/, "$1FILE"),
    );
}

const ofTheUnit = [
  "LoadCredential=database_url:/etc/syncd/database_url",
  "LoadCredential=token:/etc/syncd/token",
  "Environment=TALKME_DATABASE_URL_FILE=CREDENTIALS/database_url",
  "Environment=TALKME_TOKEN_FILE=CREDENTIALS/token",
  "EnvironmentFile=/etc/syncd/syncd.env",
];

test("a command gets the unit's settings and secrets, and its arguments unchanged", async () => {
  const lines = await asked(["status", "--json"]);
  expect(properties(lines)).toEqual(ofTheUnit);
  expect(lines.slice(-3)).toEqual(["/opt/syncd/bin/syncd", "status", "--json"]);
});

test("a drop-in's additions and removals take effect", async () => {
  const dropIn = `
[Service]
LoadCredential=config.yaml:/etc/syncd/config.yaml
Environment=TALKME_CONFIG=%d/config.yaml "TALKME_LOG_LEVEL=debug"
EnvironmentFile=
EnvironmentFile=/etc/other.env
`;
  expect(properties(await asked(["check"], dropIn))).toEqual([
    ...ofTheUnit.slice(0, 4),
    "LoadCredential=config.yaml:/etc/syncd/config.yaml",
    'Environment=TALKME_CONFIG=CREDENTIALS/config.yaml "TALKME_LOG_LEVEL=debug"',
    "EnvironmentFile=/etc/other.env",
  ]);
});

test("a separate owner of the schema migrates, and does nothing else", async () => {
  const asOwner = [
    "LoadCredential=owner_url:FILE",
    "Environment=TALKME_DATABASE_URL_FILE=CREDENTIALS/owner_url",
  ];
  expect(properties(await asked(["migrate"], "", true))).toEqual([...ofTheUnit, ...asOwner]);
  expect(properties(await asked(["migrate"]))).toEqual(ofTheUnit);
  expect(properties(await asked(["check"], "", true))).toEqual(ofTheUnit);
});

test("under its other name it runs the console's commands, with the console's settings and secret alone", async () => {
  const lines = await asked(["account", "add", "ana"], "", true, "talkme-console");
  expect(properties(lines)).toEqual([
    "LoadCredential=console_database_url:/etc/syncd/console_database_url",
    "Environment=TALKME_CONSOLE_DATABASE_URL_FILE=CREDENTIALS/console_database_url",
    "EnvironmentFile=/etc/syncd/console.env",
  ]);
  expect(lines.slice(-4)).toEqual(["/opt/syncd/bin/talkme-console", "account", "add", "ana"]);
  expect(properties(await asked(["migrate"], "", true, "talkme-console"))).toHaveLength(3);
});
