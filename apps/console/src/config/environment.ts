import { readFileSync } from "node:fs";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings `names` from the environment. Each may be given as `NAME` or as `NAME_FILE`, a path to a file that holds the
 * value (systemd credentials, Docker and Kubernetes secrets), whose last line break does not count. An empty variable counts as
 * absent.
 */
export function readEnvironment(
  environment: Environment,
  names: readonly string[],
): { readonly values: Readonly<Record<string, string>>; readonly problems: readonly string[] } {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of names) {
    const direct = environment[name] || undefined;
    const file = environment[`${name}_FILE`] || undefined;
    if (direct !== undefined && file !== undefined) {
      problems.push(`${name} and ${name}_FILE are both set: keep one of them.`);
      continue;
    }
    const value = file === undefined ? direct : readValue(file);
    if (value === null) problems.push(`${name}_FILE: the file ${file} cannot be read, or is empty.`);
    else if (value !== undefined) values[name] = value;
  }
  return { values, problems };
}

function readValue(path: string): string | null {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "") || null;
  } catch {
    return null;
  }
}
