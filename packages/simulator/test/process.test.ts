import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ApiClient } from "./api-client.ts";

const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s stops the process cleanly, even in the middle of an answer",
  async (signal) => {
    const child = spawn(process.execPath, [
      "--conditions=@talkme/source",
      bin,
      "--port",
      "0",
      "--latency-ms",
      "600000",
    ]);
    const exited = once(child, "exit");
    let stdout = "";
    const { promise: requested, resolve: sawRequest } = Promise.withResolvers<void>();
    const { promise: url, resolve: sawUrl } = Promise.withResolvers<string>();
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      const [found] = /http:\S+/.exec(stdout) ?? [];
      if (found !== undefined) sawUrl(found);
      if (stdout.includes("#1")) sawRequest();
    });
    await using client = new ApiClient({ url: await url });
    const lost = client.insere().catch((error: unknown) => error);
    await requested;
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
    expect(stdout).toMatch(/stopped after 1 requests, 1 accepted\n$/);
    expect(await lost).toBeInstanceOf(Error);
  },
);
