import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

import { onTestFinished } from "vitest";

/** `next` loses everything after the next answer. */
type Loss = "nothing" | "next" | "answers" | "everything";

/**
 * A connection through the proxy. It loses data silently: both sides stay connected, as when a network drops every
 * packet.
 */
class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  #loses: Loss = "nothing";
  readonly #heldBack: Buffer[] = [];

  constructor(
    client: Socket,
    server: Socket,
    onRequest: (link: Link, bytes: Buffer) => void,
    onAnswer: (bytes: Buffer) => void,
  ) {
    this.#client = client;
    this.#server = server;
    for (const socket of [client, server]) socket.setNoDelay(true).on("error", () => "Its close follows.");
    client.on("data", (bytes) => {
      if (this.#loses === "nothing") onRequest(this, bytes);
      if (this.#loses === "everything") this.#heldBack.push(bytes);
      else server.write(bytes);
    });
    server.on("data", (bytes) => {
      onAnswer(bytes);
      if (this.#loses === "nothing" || this.#loses === "next") client.write(bytes);
      if (this.#loses === "next") this.#loses = "everything";
    });
    for (const [socket, other] of [[client, server] as const, [server, client] as const]) {
      for (const farewell of ["end", "close"]) {
        socket.on(farewell, () => {
          if (this.#loses === "nothing") other.end();
        });
      }
    }
  }

  lose(what: Exclude<Loss, "nothing">): void {
    this.#loses = what;
  }

  deliverHeldBack(): void {
    for (const bytes of this.#heldBack.splice(0)) this.#server.write(bytes);
  }

  cut(): void {
    this.#client.destroy();
    this.#server.destroy();
  }
}

/** Stands between syncd and PostgreSQL, and does to connections what networks do. */
export class TcpProxy {
  readonly #server: Server;
  readonly #port: number;
  readonly #links = new Set<Link>();
  #target: URL;
  #answered = 0;
  #onRequest: (link: Link, bytes: Buffer) => void = () => {};

  private constructor(server: Server, port: number, target: URL) {
    this.#server = server;
    this.#port = port;
    this.#target = target;
    this.#server.on("connection", (client) => {
      const { hostname, port: targetPort } = this.#target;
      const upstream = connect({ host: hostname, port: Number(targetPort), allowHalfOpen: true });
      const link = new Link(
        client,
        upstream,
        (asking, bytes) => this.#onRequest(asking, bytes),
        (bytes) => {
          this.#answered += countReady(bytes);
        },
      );
      this.#links.add(link);
    });
  }

  /** How many statements the server has run, including those that begin a connection. */
  get answered(): number {
    return this.#answered;
  }

  /** @param databaseUrl Where connections lead. */
  static async open(databaseUrl: string): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy does not listen.");
    const proxy = new TcpProxy(server, address.port, new URL(databaseUrl));
    onTestFinished(async () => {
      proxy.cut();
      server.close();
      await once(server, "close");
    });
    return proxy;
  }

  /** The database's URL, through the proxy. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String(this.#port);
    return url.href;
  }

  /** Silently kills every current connection; new ones are served. */
  killSilently(): void {
    for (const link of this.#links) link.lose("everything");
  }

  /**
   * Silently kills the connection that next sends a message containing `text`. `everything` holds the message back for
   * {@link deliverHeldBack}; `answers` delivers it and loses the server's answer; `next` delivers that answer as well,
   * and nothing more.
   *
   * @returns When that has happened.
   */
  async killSilentlyAt(text: string, loses: Exclude<Loss, "nothing">): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onRequest = (link, bytes) => {
        if (!bytes.includes(text)) return;
        this.#onRequest = () => {};
        link.lose(loses);
        resolve();
      };
    });
  }

  /** Delivers to the server what was sent into dead connections. */
  deliverHeldBack(): void {
    for (const link of this.#links) link.deliverHeldBack();
  }

  /** Ends every connection and leads new ones to another server: a failover. */
  switchTo(databaseUrl: string): void {
    this.#target = new URL(databaseUrl);
    this.cut();
  }

  /** Ends every connection. */
  cut(): void {
    for (const link of this.#links) link.cut();
    this.#links.clear();
  }
}

/** Counts the server's messages that it is ready for the next statement. */
const ready = Buffer.from([0x5a, 0, 0, 0, 5]);

function countReady(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(ready); at >= 0; at = bytes.indexOf(ready, at + ready.length)) count += 1;
  return count;
}
