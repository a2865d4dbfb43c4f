import net from "node:net";
import { parentPort } from "node:worker_threads";

const answer = "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n100000000001";

// Answers whatever ends like a request of this benchmark: it has to cost next to nothing.
const server = net.createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", () => socket.write(answer));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, not a window
  parentPort?.postMessage(typeof address === "object" ? address?.port : undefined);
});
