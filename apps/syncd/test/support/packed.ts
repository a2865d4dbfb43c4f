import { execFile } from "node:child_process";
import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { makeProgramFolder } from "./program-folder.ts";

const run = promisify(execFile);
const deploy = fileURLToPath(new URL("../../../../deploy/", import.meta.url));

/** The Debian package, built of the sources as they are now; not compressed, which would take a minute. */
export interface Packed {
  /** What deploy/systemd/tree laid out, with {@link lightenNode}. */
  readonly tree: string;
  /** As it is released. */
  readonly first: string;
  /** A later version, which comes with other settings in its syncd.env, and without the 120 MB of Node. */
  readonly later: string;
  /** Packs the later version again, in an environment of its own. */
  again(environment: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

export async function pack(): Promise<Packed> {
  const folder = await makeProgramFolder();
  const tree = join(folder, "syncd");
  const here = { ...process.env, TMPDIR: folder, SOURCE_DATE_EPOCH: "1790000000" };
  await run(join(deploy, "systemd/tree"), [tree], { env: here });
  const packed = async (version: string, name: string, environment = {}): Promise<string> => {
    const file = join(folder, `${name}.deb`);
    const env = { ...here, ...environment };
    await run(join(deploy, "debian/pack"), [tree, version, file, "none"], { env });
    return file;
  };
  const first = await packed("0.1.0", "first");
  await appendFile(join(tree, "syncd.env"), "#TALKME_NEW_IN_THIS_VERSION=\n");
  await lightenNode(join(tree, "bin/node"));
  return {
    tree,
    first,
    later: await packed("0.1.1", "later"),
    again: async (environment) => packed("0.1.1", "again", environment),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Has the tests' own Node do its work: copying a real one ten times takes longer than everything else. */
async function lightenNode(path: string): Promise<void> {
  await rm(path);
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
}
