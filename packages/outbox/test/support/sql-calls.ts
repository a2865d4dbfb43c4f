/** A call of a function in an SQL or PL/pgSQL text. */
export interface SqlCall {
  readonly name: string;
  readonly args: readonly string[];
}

/** A comment, an escape string, a dollar-quoted or a plain string. */
const skipped = /--[^\n]*|\bE'(?:\\.|''|[^'\\])*'|(\$\w*\$).*?\1|'(?:''|[^'])*'/gis;

/** The texts of the string literals of an SQL text, in order; comments have none. */
export function stringLiterals(text: string): readonly string[] {
  return [...text.matchAll(skipped)]
    .map(([token]) => token)
    .filter((token) => !token.startsWith("--"))
    .map((token) =>
      token
        .replace(/^E?'|^\$\w*\$/i, "")
        .replace(/'$|\$\w*\$$/, "")
        .replaceAll("''", "'"),
    );
}

/** The calls of functions of the schema talkme, with the texts of their arguments. */
export function callsOf(text: string, names: readonly string[]): readonly SqlCall[] {
  const calls = new RegExp(`\\btalkme\\.(${names.join("|")})\\(`, "g");
  return [...text.matchAll(calls)].map(({ 0: found, 1: name = "", index }) => ({
    name,
    args: splitArguments(text, index + found.length),
  }));
}

/** The arguments from a position after an opening parenthesis up to the one that closes it. */
function splitArguments(text: string, from: number): readonly string[] {
  const token = new RegExp(`${skipped.source}|[()\\[\\],]`, "gis");
  const args: string[] = [];
  let depth = 0;
  let begin = from;
  token.lastIndex = from;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === "(" || found === "[") depth += 1;
    const isEnd = found === ")" && depth === 0;
    if (isEnd || (found === "," && depth === 0)) {
      args.push(text.slice(begin, match.index).trim());
      begin = match.index + 1;
    }
    if (isEnd) break;
    if (found === ")" || found === "]") depth -= 1;
  }
  return args;
}
