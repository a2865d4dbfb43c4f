import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * What a relay does with its connections.
 *
 * - `open`: it passes everything on.
 * - `refused`: it ends them, and new ones at once.
 * - `silent`: it passes nothing on and ends nothing, as a network that drops every packet. What was under way is delivered
 *   when it opens again.
 */
export type Passage = "open" | "refused" | "silent";

/** Passes TCP connections of the loopback interface on, late or not at all where that is wanted. */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #target: number;
  #passage: Passage = "open";
  #delayMs = 0;
  readonly port: number;

  private constructor(server: Server, port: number, target: number) {
    this.#server = server;
    this.port = port;
    this.#target = target;
    server.on("connection", (client) => this.#accept(client));
  }

  /** @param target The port that connections lead to. */
  static async open(target: number): Promise<Relay> {
    const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The relay does not listen.");
    return new Relay(server, address.port, target);
  }

  /** What comes from the target to a standby that streams takes this much longer. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  pass(passage: Passage): void {
    this.#passage = passage;
    for (const link of this.#links) {
      if (passage === "refused") link.cut();
      else link.hold(passage === "silent");
    }
  }

  /** Ends every connection and leads new ones elsewhere. */
  lead(target: number): void {
    this.#target = target;
    for (const link of this.#links) link.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const link of this.#links) link.cut();
    await closed;
  }

  #accept(client: Socket): void {
    if (this.#passage === "refused") {
      client.on("error", () => "It is over anyway.").destroy();
      return;
    }
    const server = connect({ host: "127.0.0.1", port: this.#target, allowHalfOpen: true });
    const link = new Link(client, server, () => this.#delayMs);
    this.#links.add(link);
    client.once("close", () => this.#links.delete(link));
    link.hold(this.#passage === "silent");
  }
}

/** A connection through a relay. */
class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  /** A standby's connection begins with questions and answers, which would add up their delays. */
  #streams = false;
  /** In order: what comes later never overtakes. */
  #delayed: Promise<unknown> = Promise.resolve();

  constructor(client: Socket, server: Socket, delayMs: () => number) {
    this.#client = client;
    this.#server = server;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on("error", () => this.cut());
      socket.once("close", () => this.cut());
    }
    client.on("data", (bytes) => {
      this.#streams ||= bytes.includes("START_REPLICATION");
      server.write(bytes);
    });
    client.once("end", () => server.end());
    server.on("data", (bytes) => this.#later(delayMs(), () => void client.write(bytes)));
    server.once("end", () => this.#later(delayMs(), () => client.end()));
  }

  /** Passes nothing on, until it is called again with `false`. */
  hold(isHeld: boolean): void {
    for (const socket of [this.#client, this.#server]) {
      if (isHeld) socket.pause();
      else socket.resume();
    }
  }

  cut(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  #later(ms: number, deliver: () => void): void {
    const dueAtMs = performance.now() + (this.#streams ? ms : 0);
    this.#delayed = this.#deliver(this.#delayed, dueAtMs, deliver);
  }

  async #deliver(before: Promise<unknown>, dueAtMs: number, deliver: () => void): Promise<void> {
    await before;
    const leftMs = dueAtMs - performance.now();
    if (leftMs > 1) await sleep(leftMs);
    if (!this.#client.destroyed) deliver();
  }
}
