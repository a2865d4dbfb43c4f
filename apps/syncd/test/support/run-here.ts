import { runCli } from "../../src/cli.ts";
import { environmentOf, type Finished } from "./syncd.ts";

/** Runs a command in this process: what it prints does not depend on a separate one. */
export async function runHere(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Finished> {
  let [out, err] = ["", ""];
  const code = await runCli(args, environmentOf(args[0], environment), new AbortController().signal, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    screen: () => null,
  });
  return { code, out, err };
}
