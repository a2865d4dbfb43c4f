import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";

/** A request for a tunnel, and the connection that it came on. */
export interface TunnelRequest {
  /** 1 for the first of the proxy. */
  readonly number: number;
  readonly head: string;
  /** Such as `127.0.0.1:443`. */
  readonly target: string;
  readonly socket: net.Socket;
}

/** A proxy that does with each request for a tunnel whatever its test wants. */
export interface ProxyServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly asked: readonly TunnelRequest[];
  readonly sockets: ReadonlySet<net.Socket>;
}

/** Starts one. With `secure`, it speaks TLS. */
export async function startProxy(
  behave: (request: TunnelRequest) => void,
  { host = "127.0.0.1", port = 0, secure }: { host?: string; port?: number; secure?: tls.TlsOptions } = {},
): Promise<ProxyServer> {
  const asked: TunnelRequest[] = [];
  const sockets = new Set<net.Socket>();
  const onSocket = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    let head = "";
    const onData = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n")) return;
      socket.off("data", onData).pause();
      const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head)?.[1] ?? "";
      const request = { number: asked.length + 1, head, target, socket };
      asked.push(request);
      behave(request);
    };
    socket.on("data", onData);
  };
  const server = secure === undefined ? net.createServer(onSocket) : tls.createServer(secure, onSocket);
  server.on("tlsClientError", () => "The client fails with it.");
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  const opened = typeof address === "object" && address !== null ? address.port : 0;
  const scheme = secure === undefined ? "http" : "https";
  const close = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const place = host.includes(":") ? `[${host}]` : host;
  return {
    url: `${scheme}://${place}:${opened}`,
    port: opened,
    asked,
    sockets,
    [Symbol.asyncDispose]: close,
  };
}

/** Opens the tunnel that was asked for, as a proxy that works does. */
export function tunnel({ target, socket }: TunnelRequest): void {
  const [, host = "", port = ""] = /^\[?([^\]]*)\]?:(\d+)$/.exec(target) ?? [];
  const far = net.connect(Number(port), host, () => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    socket.pipe(far).pipe(socket);
  });
  far.on("error", () => socket.destroy()).on("close", () => socket.destroy());
  socket.on("close", () => far.destroy());
}

/** Answers and ends the connection. */
export function refuse({ socket }: TunnelRequest, status: string, headers = ""): void {
  socket.end(`HTTP/1.1 ${status}\r\n${headers}content-length: 0\r\n\r\n`);
}
