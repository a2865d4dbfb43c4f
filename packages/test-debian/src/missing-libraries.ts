import { execFile } from "node:child_process";
import { glob } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The shared libraries that a program needs and the loader does not find; none for one that is linked statically. */
export async function missingLibraries(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { stdout } = await run("ldd", [program], { env: { ...process.env, ...env, LC_ALL: "C" } }).catch(
    () => ({ stdout: "" }),
  );
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].flatMap(([, name]) => name ?? []);
}

/** The environment in which the loader looks also among the libraries unpacked below a folder. */
export async function withLibrariesOf(root: string): Promise<Readonly<Record<string, string>>> {
  const folders: string[] = [];
  // systemd keeps those that are its own a folder deeper.
  for await (const folder of glob("{usr/,}lib/*-linux-*{,/systemd}", { cwd: root }))
    folders.push(join(root, folder));
  const inherited = process.env["LD_LIBRARY_PATH"];
  return { LD_LIBRARY_PATH: [...folders, ...(inherited === undefined ? [] : [inherited])].join(delimiter) };
}
