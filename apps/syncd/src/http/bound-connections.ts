import type { Server } from "node:http";
import type { Socket } from "node:net";

/** More than Prometheus, a kubelet, a load balancer and a few people need. Each takes a file descriptor. */
const mostConnections = 32;

/** A connection this old has had its chance to send a request. */
const chanceToAskMs = 250;

/** A healthy daemon answers every scrape sooner. */
const usualAnswerMs = 5000;

/** The longest that an answer may take, including a slow reader. */
const longestAnswerMs = 30_000;

/** Limits of headers, a whole request, and the time between two requests. */
export const requestBounds = {
  headersTimeout: 3000,
  requestTimeout: 5000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 500,
};

/**
 * Limits an HTTP server to {@link mostConnections} connections, so that it never uses up the descriptors that sending
 * needs. A further connection replaces the longest idle one, or the slowest reader; if all are busy, it is refused.
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
    // No proper client pipelines requests; a thousand scrapes at once would use up the processor.
    if (asked.has(socket)) {
      socket.destroy();
      return;
    }
    asked.set(socket, performance.now());
    const tooLong = setTimeout(() => socket.destroy(), longestAnswerMs).unref();
    response.once("close", () => {
      clearTimeout(tooLong);
      asked.delete(socket);
      // Its idle time begins now.
      if (opened.delete(socket)) opened.set(socket, performance.now());
    });
  });
}

/** The oldest of `since` that began by `beforeMs` and is not in `except`. */
function firstBefore(
  beforeMs: number,
  since: ReadonlyMap<Socket, number>,
  except?: ReadonlyMap<Socket, number>,
): Socket | undefined {
  for (const [socket, sinceMs] of since)
    if (sinceMs <= beforeMs && except?.has(socket) !== true) return socket;
  return undefined;
}
