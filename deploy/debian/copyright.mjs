// deploy/debian/copyright.mjs PROGRAM LICENCE: the copyright file of a package: the project's own licence, Node's, and that
// of each npm package below PROGRAM, each text once.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [, , program, own] = process.argv;
const stores = ["", "console"].map((folder) => join(program, folder, "node_modules/.pnpm"));

/** The folders of the packages themselves: links lead from one to another. */
function packageFolders() {
  const inside = (folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .flatMap(({ name }) => (name.startsWith("@") ? inside(join(folder, name)) : [join(folder, name)]));
  return stores.flatMap((store) =>
    readdirSync(store)
      .filter((name) => name.includes("@", 1))
      .flatMap((name) => inside(join(store, name, "node_modules")))
      .toSorted((a, b) => (a < b ? -1 : 1)),
  );
}

function licenceTexts(folder) {
  const files = readdirSync(folder).filter((name) => /^(?:licen[cs]e|notice)/i.test(name));
  return files.toSorted().map((name) => readFileSync(join(folder, name), "utf8").replaceAll("\r", "").trim());
}

/** The packages of each text. */
const packagesOf = new Map();
for (const folder of packageFolders()) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (name.startsWith("@talkme/")) continue;
  const texts = licenceTexts(folder);
  if (texts.length === 0 && license === undefined) throw new Error(`${name} ${version} names no licence.`);
  const text = texts.join("\n\n") || `Its package names this licence, and has no text of it: ${license}.`;
  packagesOf.set(text, (packagesOf.get(text) ?? new Set()).add(`${name} ${version}`));
}

const sections = [
  `The Talk.me outbox, with the Node.js and the npm packages that it runs with.\n\n${readFileSync(own, "utf8").trim()}`,
  `Node.js (bin/node):\n\n${readFileSync(join(program, "bin/LICENSE.node"), "utf8").trim()}`,
  ...[...packagesOf].map(([text, names]) => `${[...names].join(", ")}:\n\n${text}`),
];
process.stdout.write(`${sections.join(`\n\n${"-".repeat(80)}\n\n`)}\n`);
