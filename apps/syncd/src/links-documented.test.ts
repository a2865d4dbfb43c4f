import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const pages = globSync("**/*.md", {
  cwd: root,
  exclude: (name) => /(?:^|\/)(?:node_modules|dist|\.git|\.turbo)$/.test(name),
}).map((name) => join(root, name));

/** The page without what is shown as code. */
function prose(path: string): string {
  return readFileSync(path, "utf8").replaceAll(/^ *(```+|~~~+).*?^ *\1 *$/gms, "");
}

/** As GitHub makes them of headings. */
function anchorsOf(path: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of prose(path).matchAll(/^#{1,6} +(.*)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = text
      .trim()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    let unique = anchor;
    for (let i = 1; anchors.has(unique); i += 1) unique = `${anchor}-${i}`;
    anchors.add(unique);
  }
  for (const [, id = ""] of prose(path).matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

/** What is wrong with the relative links of a page. */
function brokenLinks(path: string): readonly string[] {
  const text = prose(path).replaceAll(/`[^`\n]*`/g, "");
  const inline = text.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g);
  const named = text.matchAll(/^ *\[[^\]]+\]: *(\S+)/gm);
  return [...inline, ...named].flatMap(([, link = ""]) => {
    if (/^[a-z][a-z+.-]*:/i.test(link)) return [];
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : resolve(dirname(path), decodeURIComponent(file));
    if (!existsSync(target)) return [`${link}: there is no such file`];
    if (anchor === undefined || anchor === "" || !target.endsWith(".md")) return [];
    return anchorsOf(target).has(anchor) ? [] : [`${link}: there is no such heading`];
  });
}

test("there are pages to look at", () => {
  expect(pages.length).toBeGreaterThan(20);
});

test.each(pages.map((path) => relative(root, path)))("every relative link of %s leads somewhere", (name) => {
  expect(brokenLinks(join(root, name))).toEqual([]);
});
