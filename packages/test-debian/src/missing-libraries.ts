import { execFile } from "node:child_process";
import { glob } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The shared libraries of a program that the loader does not find; none for a statically linked one. */
export async function missingLibraries(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { stdout } = await run("ldd", [program], { env: { ...process.env, ...env, LC_ALL: "C" } }).catch(
    () => ({ stdout: "" }),
  );
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].flatMap(([, name]) => name ?? []);
}

/** The environment that adds the libraries unpacked below a folder. */
export async function withLibrariesOf(root: string): Promise<Readonly<Record<string, string>>> {
  const folders: string[] = [];
  // systemd and PulseAudio keep libraries of their own one folder deeper.
  for await (const folder of glob("{usr/,}lib/*-linux-*{,/systemd,/pulseaudio}", { cwd: root }))
    folders.push(join(root, folder));
  const inherited = process.env["LD_LIBRARY_PATH"];
  return { LD_LIBRARY_PATH: [...folders, ...(inherited === undefined ? [] : [inherited])].join(delimiter) };
}
