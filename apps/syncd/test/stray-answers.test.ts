import { once } from "node:events";
import { createServer } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";

const answer = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

/** Refuses every request, and sends an unsolicited acceptance after each third refusal. */
async function refusing(delayMs: number): Promise<{ readonly url: string; readonly requests: () => number }> {
  let requests = 0;
  const server = createServer((socket) => {
    socket.setNoDelay(true).on("error", () => "Its close follows.");
    socket.on("data", (bytes) => {
      if (!String(bytes).includes("\r\n\r\n")) return;
      requests += 1;
      socket.write(answer("400 Bad Request", "recusado"));
      if (requests % 3 === 0)
        setTimeout(() => socket.writable && socket.write(answer("200 OK", "1")), delayMs);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It does not listen.");
  return { url: `http://127.0.0.1:${address.port}`, requests: () => requests };
}

test("stray acceptances after refusals mark none of 150 refused rows as sent", async () => {
  const stage = await Stage.open();
  const api = await refusing(10);
  const syncd = Syncd.run(stage.databaseUrl, api.url);
  await stage.insertMany(1, 150);
  await expect.poll(() => stage.count("status in ('pending', 'sending')"), { timeout: 60_000 }).toBe(0);
  expect(await stage.count("status = 'sent'")).toBe(0);
  expect(await stage.count("status = 'failed'")).toBeGreaterThan(100);
  expect(api.requests()).toBe(150);
  await syncd.logged("an answer came that nobody asked for: each connection carries one request alone");
});
