import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** A part of the house: a workspace, a room of the daemon, or a file that stands beside its rooms. */
export interface Part {
  readonly name: string;
  readonly lines: number;
  /** The other parts that it imports from, types included, in the order of their names. */
  readonly imports: readonly string[];
}

/** The workspaces, by the imports of their sources; tests are left out. */
export function readWorkspaces(root: string): readonly Part[] {
  const folders = globSync("{packages/*,apps/*,bench}/package.json", { cwd: root }).map(dirname).toSorted();
  const byName = new Map(folders.map((folder) => [nameOf(root, folder), folder]));
  return folders.map((folder) =>
    partOf(folder, join(root, folder, "src"), sourcesOf(join(root, folder, "src")), (specifier) =>
      byName.get(specifier.split("/").slice(0, 2).join("/")),
    ),
  );
}

/** The rooms of a folder of sources, and the files beside them, each a part of its own. */
export function readRooms(source: string): readonly Part[] {
  const files = sourcesOf(source);
  return [...new Set(files.map(roomOf))].toSorted().map((room) =>
    partOf(
      room,
      source,
      files.filter((file) => roomOf(file) === room),
      (specifier, from) =>
        specifier.startsWith(".") ? roomOf(normalize(join(dirname(from), specifier))) : undefined,
    ),
  );
}

/** Circles among parts, each with its members: `a -> b -> a`. None is what the house has to have. */
export function circlesOf(parts: readonly Part[]): readonly string[] {
  const reached = reachable(parts);
  const onCircle = parts.filter(({ name }) => reached.get(name)?.has(name));
  const seen = new Set<string>();
  return onCircle.flatMap(({ name }) => {
    if (seen.has(name)) return [];
    const members = onCircle
      .map((other) => other.name)
      .filter((other) => reached.get(name)?.has(other) && reached.get(other)?.has(name));
    for (const member of members) seen.add(member);
    return [[...members, name].join(" -> ")];
  });
}

/** Imports of a room from one that comes after it in the order, and rooms that the order lacks. */
export function arrowsUp(parts: readonly Part[], order: readonly string[]): readonly string[] {
  const place = (name: string): number => order.indexOf(name);
  return parts.flatMap(({ name, imports }) => {
    if (name.endsWith(".ts")) return [];
    if (place(name) === -1) return [`${name} is not in the order of rooms`];
    return imports.filter((other) => place(other) > place(name)).map((other) => `${name} -> ${other}`);
  });
}

/** What each part imports from, without what another import of it implies: the arrows of a picture. */
export function arrowsOf(parts: readonly Part[]): readonly (readonly [string, string])[] {
  const reached = reachable(parts);
  return parts.flatMap(({ name, imports }) =>
    imports
      .filter((to) => !imports.some((other) => other !== to && reached.get(other)?.has(to)))
      .map((to) => [name, to] as const),
  );
}

function reachable(parts: readonly Part[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byName = new Map(parts.map((part) => [part.name, part]));
  return new Map(
    parts.map(({ name, imports }) => {
      const reached = new Set<string>();
      const next = [...imports];
      for (let at = next.pop(); at !== undefined; at = next.pop()) {
        if (reached.has(at)) continue;
        reached.add(at);
        next.push(...(byName.get(at)?.imports ?? []));
      }
      return [name, reached];
    }),
  );
}

function partOf(
  name: string,
  folder: string,
  files: readonly string[],
  partNamed: (specifier: string, from: string) => string | undefined,
): Part {
  const texts = files.map((file) => [file, readFileSync(join(folder, file), "utf8")] as const);
  const imports = texts.flatMap(([file, text]) =>
    importsOf(text).flatMap((specifier) => partNamed(specifier, file) ?? []),
  );
  return {
    name,
    lines: texts.reduce((lines, [, text]) => lines + text.split("\n").length - 1, 0),
    imports: [...new Set(imports)].filter((other) => other !== name).toSorted(),
  };
}

function roomOf(file: string): string {
  return file.split("/")[0] ?? file;
}

/** Also imports of types, exports from elsewhere, and `import()`. */
function importsOf(text: string): readonly string[] {
  const specifiers = text.matchAll(
    /(?:^\} from|^(?:import|export) [^;"]*?from|^import|\bimport\() ?"([^"]+)"/gm,
  );
  return [...specifiers].map(([, specifier = ""]) => specifier);
}

function sourcesOf(folder: string): readonly string[] {
  return globSync("**/*.ts", { cwd: folder })
    .filter((file) => !file.endsWith(".test.ts"))
    .toSorted();
}

function nameOf(root: string, folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  if (typeof manifest !== "object" || manifest === null || !("name" in manifest)) return folder;
  return String(manifest.name);
}
