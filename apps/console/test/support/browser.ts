import { needDebianProgram } from "@talkme/test-debian/vitest";
import { chromium, type Browser } from "playwright-core";
import { vi, type TestContext } from "vitest";

/** The first test of a clone waits until Chromium has been fetched and unpacked. */
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** Starts Debian's headless Chromium; skips the test where it cannot be had. */
export async function openBrowser(context: Pick<TestContext, "skip">): Promise<Browser> {
  const path = "usr/lib/chromium/chromium-headless-shell";
  const program = await needDebianProgram(context, "chromium-headless-shell", path, ["chromium-common"]);
  const inherited = Object.entries(process.env).map(([name, value]) => [name, value ?? ""]);
  return chromium.launch({
    executablePath: program.path,
    env: { ...Object.fromEntries(inherited), ...program.env },
    // As root, and in containers with little shared memory.
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}
