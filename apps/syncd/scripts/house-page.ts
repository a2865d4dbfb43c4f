import { arrowsOf, type Part } from "./house.ts";
import { markdownTable, withMadePart } from "./made-part.ts";

/** What each room of apps/syncd/src holds; the order of the rooms is in oxlint.config.ts. */
const purposes: Readonly<Record<string, string>> = {
  text: "tables, lines and what may be printed or stored, as text",
  language: "what `check`, `status` and their help say, in English and Portuguese",
  policy: "decisions without clock, chance or I/O: outcome, backoff, circuit, trust, pace",
  database: "connections, pools, faults of the database, and what it has to be fit for",
  config: "variables, the YAML file and all settings in one object",
  logging: "JSON lines, masked and bounded",
  metrics: "counters, and one collector for each thing that is read at a scrape",
  accounts: "the configured accounts and their clients",
  service: "health, reload, systemd",
  admission: "how many rows of a lane may go: circuits, lane answers, lane rules and rates",
  lanes: "which rows to ask for: the look, the claim planner, free slots among lanes",
  sending: "the request of a row, its trace, and its answer until it is written",
  instance: "registration, heartbeat, rescue, LISTEN",
  careful: "what made a turn fail or take long, one by one beside the turns",
  maintenance: "expiry, partitions, retention, the comparison of the schema",
  turn: "the loop: settle, claim, recover, drain",
  http: "`/metrics` and the probes",
  status: "what `syncd status` reads and prints",
  checks: "one finding of `syncd check` in each file",
  commands: "the commands of the command line",
};

const beside: Readonly<Record<string, string>> = {
  "main.ts": "puts the daemon together",
  "cli.ts": "arguments, help and exit codes",
  "bin.ts": "starts the process",
};

/** The page with both pictures and the table of rooms as the code has them. */
export function withHouse(
  page: string,
  workspaces: readonly Part[],
  rooms: readonly Part[],
  order: readonly string[],
): string {
  const ground = rooms.filter(isGround).map(({ name }) => name);
  const standing = rooms
    .filter((part) => !isGround(part))
    .map((part) =>
      Object.assign({}, part, { imports: part.imports.filter((name) => !ground.includes(name)) }),
    );
  const names = [...order, ...Object.keys(beside)];
  const rows = names.flatMap((name) => standing.find((part) => part.name === name) ?? []);
  const made = [
    "An arrow goes from who imports to what is imported. Arrows that others imply are left out.",
    "Packages and programs:",
    flowchart("LR", workspaces),
    "The rooms of `apps/syncd/src`, and the files beside them:",
    flowchart("BT", rows),
    "From the ground up, with lines of code to the nearest hundred, tests left out:",
    table(rows),
    `Beside them, for all to use: ${ground.map((name) => `\`${name}\``).join(", ")}.`,
  ];
  return withMadePart(page, "pnpm docs:house", made.join("\n\n"));
}

function isGround({ name, imports }: Part): boolean {
  return name.endsWith(".ts") && imports.length === 0;
}

/** Rooms of which nobody has said what they hold. */
export function roomsWithoutPurpose(rooms: readonly Part[]): readonly string[] {
  return rooms.map(({ name }) => name).filter((name) => !name.endsWith(".ts") && !(name in purposes));
}

function flowchart(direction: "LR" | "BT", parts: readonly Part[]): string {
  const nodes = parts.map(({ name }) => `    ${id(name)}["${name}"]`);
  const arrows = arrowsOf(parts).map(([from, to]) => `    ${id(from)} --> ${id(to)}`);
  return ["```mermaid", `flowchart ${direction}`, ...nodes, ...arrows, "```"].join("\n");
}

function id(name: string): string {
  return name.replaceAll(/[^a-z]/g, "_");
}

function table(parts: readonly Part[]): string {
  return markdownTable(
    [
      ["room", "holds", "lines", "imports from"],
      ...parts.map(({ name, lines, imports }) => [
        `\`${name}\``,
        purposes[name] ?? beside[name] ?? "",
        String(Math.max(100, Math.round(lines / 100) * 100)),
        imports.map((other) => `\`${other}\``).join(", "),
      ]),
    ],
    2,
  );
}
