import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";

/** One request as it came, and the socket to answer it on in any way at all. */
export interface RawRequest {
  /** 1 for the first request of the server. */
  readonly number: number;
  readonly head: string;
  readonly body: string;
  readonly socket: net.Socket;
}

/** A server on 127.0.0.1 that understands just enough HTTP to tell requests apart. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Every request whose last byte arrived. */
  readonly requests: readonly RawRequest[];
  readonly sockets: ReadonlySet<net.Socket>;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/** Starts a server that hands each request to `answer`. With `secure`, it speaks TLS. */
export async function startRawServer(
  answer: (request: RawRequest) => void,
  secure?: tls.TlsOptions,
): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<net.Socket>();
  const onSocket = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      for (let end = endOfRequest(received); end !== undefined; end = endOfRequest(received)) {
        const [head = "", body = ""] = received.slice(0, end).split("\r\n\r\n");
        received = received.slice(end);
        const request = { number: requests.length + 1, head, body, socket };
        requests.push(request);
        answer(request);
      }
    });
  };
  const server = secure === undefined ? net.createServer(onSocket) : tls.createServer(secure, onSocket);
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const url = `${secure === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  return { url, port, requests, sockets, close, [Symbol.asyncDispose]: close };
}

/** Answers a request with a complete HTTP answer. */
export function respond({ socket }: RawRequest, body: string, head = "HTTP/1.1 200 OK"): void {
  socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function endOfRequest(received: string): number | undefined {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, headEnd))?.[1] ?? "0";
  const end = headEnd + 4 + Number(length);
  return received.length >= end ? end : undefined;
}
