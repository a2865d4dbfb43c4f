import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { TalkmeClient } from "@talkme/core";
import { expect, it, onTestFinished } from "vitest";

import { ConnectionPool } from "../../src/transport/connection-pool.ts";
import { anyAddressConnector } from "../../src/transport/connector.ts";
import { parseProxyUrl } from "../../src/transport/proxy.ts";
import { account, message } from "./failed-call.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

/** An API, and a proxy that is it. */
const source = String.raw`
const { workerData, parentPort } = require("node:worker_threads");
const tls = require("node:tls");
const answer = (socket) => {
  socket.on("error", () => {});
  socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1"));
};
const server = tls.createServer(workerData, (socket) => {
  socket.setNoDelay(true).on("error", () => {});
  socket.once("data", (bytes) => {
    if (String(bytes).startsWith("CONNECT ")) {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      answer(new tls.TLSSocket(socket, { ...workerData, isServer: true }));
    } else {
      answer(socket);
      socket.emit("data", bytes);
    }
  });
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`;

it.each(["over TLS", "over TLS in the tunnel of an https proxy"])(
  "an answer %s that comes while the process is busy is not taken for one that came before its request",
  async (how) => {
    const { key, cert } = selfSignedCertificate("localhost");
    const pem = { key: key.toString(), cert: cert.toString() };
    const worker = new Worker(source, { eval: true, workerData: pem });
    onTestFinished(async () => void (await worker.terminate()));
    const [port] = await once(worker, "message");
    const origin = `https://localhost:${Number(port)}`;
    const proxy = how === "over TLS" ? undefined : parseProxyUrl(origin);
    if (typeof proxy === "string") throw new Error(proxy);
    const connector = anyAddressConnector({ timeoutMs: 5000, ca: pem.cert, proxy });
    const dispatcher = new ConnectionPool({ origin, connector, maxConnections: 1 });
    onTestFinished(() => dispatcher.close());
    const client = new TalkmeClient({ ...account, baseUrl: origin, dispatcher });
    await client.send(message);
    for (let i = 0; i < 5; i += 1) {
      // Node says that the request is written after its next look at the sockets, where the answer is by then.
      const sent = new Promise((resolve) => setImmediate(() => resolve(client.send(message))));
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30));
      expect(await sent).toMatchObject({ outcome: "accepted" });
    }
  },
);
