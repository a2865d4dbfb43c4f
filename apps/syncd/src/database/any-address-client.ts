import type { Socket } from "node:net";

import { connectAnyAddress } from "@talkme/core/sockets";
import { Client, type ClientConfig } from "pg";

const usualTimeoutMs = 10_000;

type Callback = (error: Error | null, client?: Client) => void;

/**
 * A PostgreSQL client that connects to the first address of the host that answers, and gives each the whole
 * `connectionTimeoutMillis`. `pg` leaves that to Node, which gives up an address after 250 ms if there is another.
 */
export class AnyAddressClient extends Client {
  readonly #timeoutMs: number;
  #isEnded = false;

  constructor(config: ClientConfig = {}) {
    super(config);
    this.#timeoutMs = config.connectionTimeoutMillis ?? usualTimeoutMs;
  }

  override connect(): Promise<Client>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<Client> | undefined {
    if (callback === undefined) {
      return new Promise((resolve, reject) => {
        this.#connect((error) => (error === null || error === undefined ? resolve(this) : reject(error)));
      });
    }
    this.#connect(callback);
    return undefined;
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | undefined {
    this.#isEnded = true;
    if (callback === undefined) return super.end();
    super.end(callback);
    return undefined;
  }

  #connect(callback: (error: Error | null) => void): void {
    const { host, port } = this;
    // A path names the folder of the server's socket.
    if (host.startsWith("/")) {
      super.connect(callback);
      return;
    }
    connectAnyAddress({ host, port, timeoutMs: this.#timeoutMs }, (error, socket) => {
      if (socket === null) {
        callback(error);
        return;
      }
      // It would stay open for good: `pg` has nothing to end before it connects.
      if (this.#isEnded) {
        socket.destroy();
        callback(new Error("The client was ended while it was connecting."));
        return;
      }
      Object.assign(this.connection, { stream: connected(socket) });
      super.connect(callback);
    });
  }
}

/** `pg` calls `connect` itself and waits for its event; this socket is connected already. */
function connected(socket: Socket): Socket {
  const connect = (): Socket => {
    process.nextTick(() => socket.emit("connect"));
    return socket;
  };
  return Object.assign(socket, { connect });
}
