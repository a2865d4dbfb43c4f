// pnpm image:sbom [IMAGE]: the software bill of materials of an image of syncd, CycloneDX 1.6, on stdout.
//
// pnpm lists the npm packages, with hashes and licences, from the lockfile; the rest is read from the image: Node, and the
// record of each Debian package that a file comes from. Fails if the image has a package that is not in the lockfile, and
// so was not built from it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

const image = process.argv[2] ?? "talkme/syncd";

/** Runs inside the image. */
const inventory = `
  const { readdirSync, readFileSync } = require("node:fs");
  const status = "/var/lib/dpkg/status.d";
  const release = readFileSync("/etc/os-release", "utf8");
  process.stdout.write(JSON.stringify({
    node: process.version.slice(1),
    distribution: /^ID=(.*)$/m.exec(release)[1],
    debian: readdirSync(status).map((name) => readFileSync(status + "/" + name, "utf8")),
    npm: readdirSync("/app/node_modules/.pnpm").filter((name) => name.includes("@", 1)),
  }));
`;

function read(program, args) {
  return execFileSync(program, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

const found = JSON.parse(
  read("docker", ["run", "--rm", "--network=none", "--entrypoint=node", image, "--eval", inventory]),
);
const bom = JSON.parse(
  read(
    "npx",
    "-y pnpm@12 --filter=@talkme/syncd sbom --prod --sbom-format=cyclonedx --sbom-spec-version=1.6 --sbom-type=application".split(
      " ",
    ),
  ),
);

const known = new Set(
  bom.components.map(({ group, name, version }) => `${group ? `${group}/` : ""}${name}@${version}`),
);
// pnpm's folder names: a plus for the slash, and peers after an underscore.
const unknown = found.npm
  .filter((folder) => !folder.includes("@file+"))
  .map((folder) => folder.replace("+", "/").replace(/(.@[^_]+)_.*$/, "$1"))
  .filter((name) => !known.has(name));
if (unknown.length > 0) {
  process.stderr.write(`${image} was not built from this lockfile: it has ${unknown.join(", ")}.\n`);
  process.exit(1);
}

function field(record, name) {
  return new RegExp(`^${name}: (.*)$`, "m").exec(record)?.[1];
}

const system = [
  {
    type: "application",
    "bom-ref": `pkg:generic/node@${found.node}`,
    name: "node",
    version: found.node,
    purl: `pkg:generic/node@${found.node}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${found.node}:*:*:*:*:*:*:*`,
    licenses: [{ license: { id: "MIT" } }],
  },
  ...found.debian.map((record) => {
    const [name, version, architecture] = ["Package", "Version", "Architecture"].map((one) =>
      field(record, one),
    );
    const purl = `pkg:deb/${found.distribution}/${name}@${encodeURIComponent(version)}?arch=${architecture}`;
    return { type: "library", "bom-ref": purl, name, version, purl };
  }),
];
bom.components.push(...system);
bom.dependencies.push(...system.map((component) => ({ ref: component["bom-ref"], dependsOn: [] })));
const id = read("docker", ["image", "inspect", "--format={{.Id}}", image]).trim();
bom.metadata.component.properties = [{ name: "oci:image:id", value: id }];
// The same for every run on one image.
const digest = createHash("sha256").update(id).digest("hex");
bom.serialNumber = `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
