import { designs, settingOf } from "../designs.ts";
import { mutations } from "../protections/mutations.ts";
import { protectionNames, protections, type Protection } from "../protections/protections.ts";
import { explore } from "../search/explore.ts";

/** The table of docs/model.md. */
export function mutationTable(): readonly string[] {
  const head = ["without", "what it says", "taken out of", "violated", "steps"];
  return [head, head.map(() => "---"), ...protectionNames.map((name) => mutationCells(name))].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
}

/** What comes of taking it out, as a row of the table. */
export function mutationCells(name: Protection): readonly string[] {
  const { design } = mutations[name];
  const { violation } = explore(settingOf(designs[design], [name]));
  const { invariant = "nothing", trace = [] } = violation ?? {};
  return [`\`${name}\``, protections[name], design, invariant, String(trace.length)];
}
