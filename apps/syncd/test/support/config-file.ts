import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { onTestFinished } from "vitest";

/** Writes a YAML file for `TALKME_CONFIG`, removed after the test; returns its path. */
export function configFile(yaml: string): string {
  const folder = mkdtempSync(join(tmpdir(), "talkme-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "syncd.yaml");
  writeFileSync(path, yaml);
  return path;
}
