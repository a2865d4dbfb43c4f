import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const file = fileURLToPath(new URL("your-integration.ts", import.meta.url));

test("the simulator's page shows the tests that pass here, for node --test", async () => {
  const page = readFileSync(new URL("../../../simulator/README.md", import.meta.url), "utf8");
  expect(page).toContain(`\`\`\`ts\n${readFileSync(file, "utf8")}\`\`\``);
  const args = ["--conditions=@talkme/source", "--test-reporter=tap", file];
  // Within a test of vitest, node:test would take itself for a part of it.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  expect(stdout).toMatch(/^# pass 2$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});
