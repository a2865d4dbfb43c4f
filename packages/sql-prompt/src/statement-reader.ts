/** Why a statement is not complete yet; each is what psql shows in its prompt. */
export type Pending = "none" | "statement" | "text" | "name" | "dollars" | "comment";

/** One part of SQL that may hold a semicolon which ends nothing, or one character. */
const parts: readonly (readonly [kind: Pending, begin: RegExp, rest: (opened: string) => RegExp])[] = [
  ["none", /--/y, () => /[^\n]*/y],
  // A backslash escapes in E'…' alone.
  ["text", /\b[eE]'/y, () => /(?:[^'\\]|''|\\.)*'/sy],
  ["text", /'/y, () => /(?:[^']|'')*'/y],
  ["name", /"/y, () => /(?:[^"]|"")*"/y],
  [
    "dollars",
    /(?<![\w$])\$(?:[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$/y,
    (tag) => new RegExp(`.*?${tag.replaceAll("$", String.raw`\$`)}`, "sy"),
  ],
];

/** Puts lines together into statements, each up to its semicolon. */
export class StatementReader {
  #text = "";

  /** What the last line has left open. */
  get pending(): Pending {
    return scan(this.#text).pending;
  }

  /** @returns The statements that this line completes, each with its semicolon. */
  push(line: string): readonly string[] {
    this.#text += `${line}\n`;
    const { statements, rest } = scan(this.#text);
    this.#text = rest;
    return statements;
  }

  /** Forgets what is not complete; returns it. */
  clear(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }
}

interface Scanned {
  readonly statements: readonly string[];
  readonly rest: string;
  readonly pending: Pending;
}

function scan(text: string): Scanned {
  const statements: string[] = [];
  let begin = 0;
  let at = 0;
  /** Whether anything but blanks and comments came since the last semicolon. */
  let hasWords = false;
  const open = (pending: Pending): Scanned => ({ statements, rest: text.slice(begin), pending });

  while (at < text.length) {
    if (text.startsWith("/*", at)) {
      at = endOfComment(text, at);
      if (at < 0) return open("comment");
      continue;
    }
    const part = partAt(text, at);
    if (part !== null) {
      if (part.end < 0) return open(part.kind);
      at = part.end;
      hasWords ||= part.kind !== "none";
      continue;
    }
    const character = text[at] ?? "";
    at += 1;
    if (character === ";") {
      if (hasWords) statements.push(text.slice(begin, at).trim());
      begin = at;
      hasWords = false;
    } else if (/\S/.test(character)) {
      hasWords = true;
    }
  }
  return hasWords ? open("statement") : { statements, rest: "", pending: "none" };
}

/** The part that begins here and where it ends, -1 if it does not; null: any other character. */
function partAt(text: string, at: number): { readonly kind: Pending; readonly end: number } | null {
  for (const [kind, begin, restOf] of parts) {
    begin.lastIndex = at;
    const [opened] = begin.exec(text) ?? [];
    if (opened === undefined) continue;
    const rest = restOf(opened);
    rest.lastIndex = at + opened.length;
    return { kind, end: rest.test(text) ? rest.lastIndex : -1 };
  }
  return null;
}

/** Comments nest in PostgreSQL. @returns -1 if it does not end. */
function endOfComment(text: string, at: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return -1;
}
