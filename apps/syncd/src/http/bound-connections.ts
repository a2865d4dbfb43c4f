import type { Server } from "node:http";
import type { Socket } from "node:net";

/** More than Prometheus, a kubelet, a load balancer and a few people hold at once. Each is a file descriptor of the daemon's. */
const mostConnections = 32;

/** A connection this old has had its chance to ask for something. */
const chanceToAskMs = 250;

/** No scrape takes as long from a daemon that is well. */
const usualAnswerMs = 5000;

/** The longest that an answer may take, the reader's slowness included. */
const longestAnswerMs = 30_000;

/** How long a head, a whole request and the time between two requests may take. */
export const requestBounds = {
  headersTimeout: 3000,
  requestTimeout: 5000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 500,
};

/**
 * Keeps an HTTP server from using up the process's descriptors, which sending needs: at most {@link mostConnections}
 * connections. Another one takes the place of the longest that asks for nothing, or that reads its answer too slowly; where
 * all are in use it is refused.
 */
export function boundConnections(server: Server): void {
  const opened = new Map<Socket, number>();
  const asked = new Map<Socket, number>();
  server.setTimeout(longestAnswerMs);
  server.on("connection", (socket: Socket) => {
    const nowMs = performance.now();
    if (opened.size >= mostConnections) {
      const quiet = firstBefore(nowMs - chanceToAskMs, opened, asked);
      const displaced = quiet ?? firstBefore(nowMs - usualAnswerMs, asked) ?? socket;
      displaced.destroy();
      if (displaced === socket) return;
      opened.delete(displaced);
    }
    opened.set(socket, nowMs);
    socket.once("close", () => opened.delete(socket));
  });
  server.prependListener("request", ({ socket }, response) => {
    // Nobody who is well asks again before the answer is there; a thousand scrapes at once would take the processor.
    if (asked.has(socket)) {
      socket.destroy();
      return;
    }
    asked.set(socket, performance.now());
    const tooLong = setTimeout(() => socket.destroy(), longestAnswerMs).unref();
    response.once("close", () => {
      clearTimeout(tooLong);
      asked.delete(socket);
      // The time between two requests counts from here.
      if (opened.delete(socket)) opened.set(socket, performance.now());
    });
  });
}

/** The first of those, the oldest first, that began before that time and is not among the others. */
function firstBefore(
  beforeMs: number,
  since: ReadonlyMap<Socket, number>,
  except?: ReadonlyMap<Socket, number>,
): Socket | undefined {
  for (const [socket, sinceMs] of since)
    if (sinceMs <= beforeMs && except?.has(socket) !== true) return socket;
  return undefined;
}
