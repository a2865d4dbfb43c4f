import { readFileSync } from "node:fs";

import { errorCodeOf } from "../error-code.ts";
import { wrongSettings } from "../language/findings/settings.ts";
import type { Text } from "../language/text.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The given settings by name; those of `NAME_FILE` are read from their files. */
export interface GivenSettings {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly Text[];
  /** Settings that were given, but have no value: one of the problems says why. They are not missing. */
  readonly unread: ReadonlySet<string>;
  /** `TALKME_` variables that are not settings, most likely misspelt. */
  readonly unrecognised: readonly string[];
}

/**
 * Reads the settings `names` from the environment. Each may be given as `NAME` or as `NAME_FILE`, a path to a
 * file that holds the value (systemd credentials, Docker and Kubernetes secrets); one final newline of the file
 * is not part of the value. An empty variable counts as absent.
 */
export function readEnvironment(environment: Environment, names: readonly string[]): GivenSettings {
  const values: Record<string, string> = {};
  const problems: Text[] = [];
  const unread = new Set<string>();
  for (const name of names) {
    const direct = environment[name] || undefined;
    const file = environment[`${name}_FILE`] || undefined;
    if (direct !== undefined && file !== undefined) {
      problems.push(wrongSettings.bothSet(name));
      unread.add(name);
    } else if (file !== undefined) {
      const read = readValueFile(file);
      if (read.ok) {
        values[name] = read.text;
      } else {
        problems.push(wrongSettings.at(`${name}_FILE`, read.problem));
        unread.add(name);
      }
    } else if (direct !== undefined) {
      values[name] = direct;
    }
  }
  const known = new Set(names.flatMap((name) => [name, `${name}_FILE`]));
  const unrecognised = Object.keys(environment)
    .filter((name) => name.startsWith("TALKME_") && !known.has(name))
    .toSorted();
  return { values, problems, unread, unrecognised };
}

/** Reads a file that holds one value; the problem, if any, names the path and never the content. */
export function readValueFile(
  path: string,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: Text } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return { ok: false, problem: wrongSettings.unreadable(path, String(errorCodeOf(error))) };
  }
  const value = text.replace(/\r?\n$/, "");
  return value === "" ? { ok: false, problem: wrongSettings.empty(path) } : { ok: true, text: value };
}
