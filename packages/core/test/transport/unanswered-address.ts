import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

import { onTestFinished } from "vitest";

const source = `
const { workerData: { host, port, answersAfterMs, answer }, parentPort } = require("node:worker_threads");
const server = require("node:net").createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", () => socket.write(Buffer.from(answer, "latin1")));
});
server.listen({ host, port, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  // The server accepts nothing while its thread stands still.
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, answersAfterMs));
});`;

/**
 * Has an address of the loopback interface not answer, as a firewall that drops packets does: its queue of connections is full, and the
 * system drops what would begin another.
 *
 * @param answersAfterMs From then on it accepts connections; by default never.
 * @param answer What it says to whatever it hears then.
 * @returns The port.
 */
export async function unansweredAddress(
  host: string,
  port = 0,
  answersAfterMs = 600_000,
  answer = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1",
): Promise<number> {
  const worker = new Worker(source, { eval: true, workerData: { host, port, answersAfterMs, answer } });
  const waiting: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  });
  const [opened] = await once(worker, "message");
  const atPort = Number(opened);
  for (let isFull = false; !isFull;) {
    const socket = connect({ host, port: atPort }).on("error", () => "The test is over.");
    waiting.push(socket);
    const patience = AbortSignal.timeout(150);
    isFull = await once(socket, "connect", { signal: patience }).then(
      () => false,
      () => true,
    );
  }
  return atPort;
}
