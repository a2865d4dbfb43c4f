/**
 * `pnpm lint:packages`: what would be published is what a stranger can use. Packs core, simulator and outbox as they are
 * published, looks at the tarballs with publint and attw, installs them in an empty folder, compiles programs with them under
 * the strictest settings, and runs them. Needs `pnpm build`.
 *
 * In an ordinary run npm and the TypeScript of the catalog; with `--all` also pnpm and yarn, TypeScript 5.9 and 6.
 * Where the registry cannot be reached, the installation is left out with a loud word: PACKAGES=required makes that a
 * failure.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { installCompilers } from "./compilers.mjs";
import { installers, RegistryAwayError } from "./installers.mjs";
import { lintTarball } from "./lint-tarball.mjs";
import { pack } from "./pack.mjs";
import { tryAsStranger } from "./stranger.mjs";

const all = process.argv.includes("--all");
const work = mkdtempSync(join(tmpdir(), "talkme-packages-"));
const say = (line) => process.stdout.write(`${line}\n`);

try {
  const tarballs = pack(work);
  for (const { name, file } of tarballs) {
    const problems = await lintTarball(file);
    for (const problem of problems) process.stderr.write(`${name}: ${problem}\n`);
    if (problems.length > 0) process.exitCode = 1;
    else say(`${name}: publint and attw have nothing to say`);
  }
  const compilers = installCompilers(join(work, "compilers"), all);
  for (const installer of all ? installers : installers.slice(0, 1)) {
    const folder = join(work, installer.name);
    mkdirSync(folder);
    installer.install(folder, tarballs);
    for (const line of tryAsStranger(folder, compilers)) say(`${installer.name}: ${line}`);
  }
} catch (error) {
  if (!(error instanceof RegistryAwayError)) throw error;
  process.stderr.write(`PACKAGES NOT INSTALLED: ${error.message}\n`);
  if (process.env["PACKAGES"] === "required") process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
