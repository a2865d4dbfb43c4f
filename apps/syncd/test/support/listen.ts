import { once } from "node:events";
import type { Server } from "node:http";

import { onTestFinished } from "vitest";

/** Has the server listen until the test is over; returns its URL. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens at no port.");
  return `http://127.0.0.1:${address.port}`;
}
