import { copyFile, mkdir } from "node:fs/promises";

import { defaultIdCliente, defaultToken, startSimulator, type Simulator } from "@talkme/simulator";
import { needDebianProgram } from "@talkme/test-debian/vitest";
import { startEmbeddedServer, type EmbeddedServer } from "@talkme/test-postgres";
import { onTestFinished, type TestContext } from "vitest";

import { InstalledSystem } from "./installed-system.ts";
import type { ShellBlock } from "./shell-blocks.ts";

interface Machine {
  readonly system: InstalledSystem;
  readonly postgres: EmbeddedServer;
  readonly simulator: Simulator;
}

/** A bare Debian: apt brings what the tests have, and the superuser of PostgreSQL has a server. */
export async function bareMachine(context: TestContext): Promise<Machine> {
  const promtool = await needDebianProgram(context, "prometheus", "usr/bin/promtool");
  const configuration = await needDebianProgram(context, "prometheus", "etc/prometheus/prometheus.yml");
  const psql = await needDebianProgram(context, "postgresql-client-15", "usr/lib/postgresql/15/bin/psql");
  const postgres = await startEmbeddedServer({ inMemory: true });
  onTestFinished(() => postgres.remove());
  const simulator = await startSimulator();
  onTestFinished(() => simulator.close());
  const system = await InstalledSystem.open(context);

  for (const folder of ["/tmp", "/etc/prometheus", "/usr/local/sbin"])
    await mkdir(system.path(folder), { recursive: true });
  await copyFile(configuration.path, system.path("/etc/prometheus/prometheus.yml"));
  const { hostname, port, username, password } = new URL(postgres.url);
  const superuser = `PGHOST=${hostname} PGPORT=${port} PGUSER=${username} PGPASSWORD='${password}'`;
  await system.provide(
    "psql",
    `${assignments(psql.env)} PGPORT=${port} exec '${psql.path}' --no-psqlrc "$@"`,
  );
  await system.provide("runuser", `[ "$1 $2 $3" = '-l postgres -c' ] && ${superuser} exec sh -c "$4"`);
  await system.provide("promtool", `${assignments(promtool.env)} exec '${promtool.path}' "$@"`);
  await system.provide(
    "apt-get",
    `case $1:$3 in
    install:*.deb) ${system.dpkgCommand} --install "$3" ;;
    purge:*) ${system.dpkgCommand} --purge "$3" ;;
    install:postgresql | install:prometheus) ;;
    *) exit 1 ;;
    esac`,
  );
  return { system, postgres, simulator };
}

function assignments(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}='${value}'`)
    .join(" ");
}

/** The guide's own words for this machine, whose root is a folder and whose PostgreSQL has another port. */
function forMachine({ system, postgres }: Machine, script: string): string {
  return script
    .replaceAll(/(?<![\w.])\/(?=(?:etc|opt|usr|tmp)[/ ])/g, `${system.root}/`)
    .replaceAll(":5432/", `:${new URL(postgres.url).port}/`)
    .replace("select pg_sleep(3) \\g /dev/null", () => untilSettled);
}

/** A loaded machine may need more than the guide's three seconds. */
const untilSettled = `
do $$ begin
  for i in 1 .. 300 loop
    exit when not exists (select from talkme.outbox where status in ('pending', 'sending'));
    perform pg_sleep(0.1);
  end loop;
end $$;
`;

/** Pastes blocks into one shell, one after the other, and answers what it asks. */
export async function paste(
  machine: Machine,
  chosen: readonly ShellBlock[],
  between: Readonly<Record<string, string>>,
): Promise<string> {
  const script = chosen.map((block) => {
    const before = Object.entries(between).find(([text]) => block.script.includes(text))?.[1] ?? "";
    return `echo "# line ${block.line}"\n${before}\n${forMachine(machine, block.script)}`;
  });
  const answers = [defaultIdCliente, defaultToken, "11988887777", "1"];
  const { code, output } = await machine.system.shell(script.join("\n"), `${answers.join("\n")}\n`);
  if (code !== 0) throw new Error(`The block after the last line number fails:\n${output}`);
  return output;
}

/** What the tests' machine needs besides: the stand-in for the API, and a port of its own. */
export function ownSettings({ system, simulator }: Machine): string {
  const settings = `TALKME_BASE_URL=${simulator.url}\\nTALKME_HTTP_PORT=0\\n`;
  return `printf '${settings}' >>${system.path("/etc/syncd/syncd.env")}`;
}
