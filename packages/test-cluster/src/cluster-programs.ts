import { stat } from "node:fs/promises";
import { dirname } from "node:path";

import {
  cacheFolders,
  debianProgram,
  debianPythonProgram,
  unpackedProgram,
  type DebianProgram,
  type DebianResult,
  type PythonProgram,
} from "@talkme/test-debian";
import { installedVersions } from "@talkme/test-postgres";

/** The programs that a cluster is made of, all from Debian's packages. */
export interface ClusterPrograms {
  /** The folder of `postgres`, `pg_ctl`, `pg_basebackup` and `pg_rewind`. */
  readonly postgres: { readonly folder: string; readonly env: Readonly<Record<string, string>> };
  readonly patroni: PythonProgram;
  readonly etcd: DebianProgram;
  readonly pgbouncer: DebianProgram;
}

/** The PostgreSQL of Debian's releases, newest first. */
const packagedVersions = ["17", "15"];

/**
 * Finds them installed, or unpacks them without root.
 *
 * @throws if one cannot be had; the message says which and why.
 */
export async function findClusterPrograms(): Promise<ClusterPrograms> {
  const folders = await openToEveryone(cacheFolders());
  return {
    postgres: await findPostgres(folders),
    patroni: needed(await debianPythonProgram("patroni", "usr/bin/patroni", ["python3-etcd"], folders)),
    etcd: needed(await debianProgram("etcd-server", "usr/bin/etcd")),
    pgbouncer: needed(await debianProgram("pgbouncer", "usr/sbin/pgbouncer")),
  };
}

async function findPostgres(folders: readonly string[]): Promise<ClusterPrograms["postgres"]> {
  const newest = installedVersions().toSorted((a, b) => Number(b.version) - Number(a.version))[0];
  if (newest !== undefined) return { folder: newest.folder, env: {} };
  const reasons: string[] = [];
  for (const version of packagedVersions) {
    const found = await unpackedProgram(
      `postgresql-${version}`,
      `usr/lib/postgresql/${version}/bin/postgres`,
      folders,
      [`postgresql-client-${version}`],
    );
    if (found.kind === "found") return { folder: dirname(found.path), env: found.env };
    reasons.push(found.reason);
  }
  throw new Error(reasons.join(" "));
}

type Unavailable = Extract<DebianResult, { readonly kind: "unavailable" }>;

function needed<Found extends { readonly kind: "found" }>(result: Found | Unavailable): Found {
  if (result.kind === "found") return result;
  throw new Error(result.reason);
}

/** PostgreSQL refuses to run as root, and its user may not be allowed into the folder of a clone. */
async function openToEveryone(folders: readonly string[]): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return folders;
  const open = await Promise.all(folders.map(mayEnter));
  return folders.filter((_, index) => open[index]);
}

const otherMayEnter = 0o001;

async function mayEnter(path: string): Promise<boolean> {
  const parent = dirname(path);
  const { mode } = await stat(path).catch(() => ({ mode: otherMayEnter }));
  return (mode & otherMayEnter) !== 0 && (parent === path || (await mayEnter(parent)));
}
