import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);
const script = fileURLToPath(new URL("../../../deploy/systemd/syncd-admin", import.meta.url));
const unit = fileURLToPath(new URL("../../../deploy/systemd/syncd.service", import.meta.url));

/** What syncd-admin asks of systemd on a machine whose unit has this drop-in; needs no systemd or root. */
async function asked(args: readonly string[], dropIn = "", hasOwner = false): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "talkme-admin-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "override.conf"), dropIn);
  if (hasOwner) await writeFile(join(folder, "owner_url"), "postgresql://owner@db/app");
  const programs = {
    systemctl: `#!/bin/sh\n[ "$*" = "cat syncd.service" ] && cat ${unit} ${folder}/override.conf\n`,
    "systemd-run": `#!/bin/sh\nprintf '%s\\n' "$@"\n`,
  };
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  const { stdout } = await run("sh", [script, ...args], {
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
        .replace(/\/run\/credentials\/syncd-admin-\d+\.service\//, "CREDENTIALS/")
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
