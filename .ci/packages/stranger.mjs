import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What strict projects switch on. Libraries are checked, too: what a stranger's own declarations need has to be there. */
const strictest = {
  target: "es2024",
  lib: ["es2024", "esnext.disposable"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
};

/** How the program is compiled, and what it is then run as. A bundler takes the sources: nothing is written for it. */
const kinds = [
  { name: "ES modules, node16", options: { module: "node16" }, source: "program.mts", run: "program.mjs" },
  {
    name: "ES modules, nodenext",
    options: { module: "nodenext" },
    source: "program.mts",
    run: "program.mjs",
  },
  {
    name: "ES modules, bundler",
    options: { module: "esnext", moduleResolution: "bundler", noEmit: true },
    source: "program.mts",
  },
  { name: "CommonJS, nodenext", options: { module: "nodenext" }, source: "program.cts", run: "program.cjs" },
];

/** Compiles and runs the programs of `stranger/` in a folder where the packages are installed. */
export function* tryAsStranger(folder, compilers) {
  cpSync(join(import.meta.dirname, "stranger"), folder, { recursive: true });
  for (const tsc of compilers) {
    const version = run(folder, tsc, ["--version"]).trim();
    for (const kind of kinds) {
      const config = { compilerOptions: { ...strictest, ...kind.options }, files: [kind.source] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      run(folder, tsc, ["--project", "tsconfig.json"]);
      if (kind.run !== undefined) run(folder, kind.run, []);
      yield `TypeScript ${version.replace("Version ", "")}, ${kind.name}: compiles${kind.run === undefined ? "" : " and runs"}`;
    }
  }
  run(folder, "node_modules/@talkme/simulator/dist/bin.js", ["--version"]);
  yield "talkme-simulator starts";
}

/** @throws an error that holds what the program said. */
function run(folder, program, args) {
  try {
    return execFileSync(process.execPath, [program, ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")} failed:\n${error.stdout}${error.stderr}`, { cause: error });
  }
}
