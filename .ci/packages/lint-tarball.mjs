import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/**
 * What attw says of every package of ES modules alone: TypeScript's resolution of 2012 knows no `exports`, and
 * `module: node16` forbids `require` of an ES module, which Node 22 and `module: nodenext` allow.
 */
const ofModulesAlone = (problem) =>
  problem.resolutionKind === "node10" ||
  (problem.kind === "CJSResolvesToESM" && problem.resolutionKind === "node16-cjs");

/** Everything that is wrong with a tarball, as publint, attw and a look at its page say. */
export async function lintTarball(file) {
  const bytes = readFileSync(file);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  const { problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  return [
    ...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`),
    ...problems
      .filter((problem) => !ofModulesAlone(problem))
      .map((problem) => `attw: ${JSON.stringify(problem)}`),
    ...manifestProblems(pkg),
    ...pageProblems(read(file, "README.md")),
  ];
}

function* manifestProblems(manifest) {
  for (const field of ["repository", "homepage", "bugs", "keywords", "license", "engines"])
    if (manifest[field] === undefined) yield `package.json has no ${field}`;
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies }))
    if (/^(?:catalog|workspace|link|file):/.test(range)) yield `nobody else can install ${name} ${range}`;
}

function* pageProblems(page) {
  if (!/^npm (?:i|install) (?:--save-dev )?@talkme\//m.test(page))
    yield "README.md has no line that installs it";
  for (const [, target] of page.matchAll(/\]\(([^)\s]+)\)/g))
    if (!/^(?:https?:|#)/.test(target)) yield `README.md links to ${target}, which the package does not hold`;
}

function read(tarball, name) {
  return execFileSync("tar", ["--extract", "--to-stdout", "--gzip", "--file", tarball, `package/${name}`], {
    encoding: "utf8",
  });
}
