import type { Socket } from "node:net";

import { connectAnyAddress } from "@talkme/core/sockets";
import { Client, type ClientConfig } from "pg";

const usualTimeoutMs = 10_000;

export type Callback = (error: Error | null, client?: Client) => void;

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
        this.connectHere(this.#timeoutMs, (error) =>
          error === null || error === undefined ? resolve(this) : reject(error),
        );
      });
    }
    this.connectHere(this.#timeoutMs, callback);
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

  protected get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Connects to `host` and `port` as they are now. */
  protected connectHere(timeoutMs: number, callback: (error: Error | null) => void): void {
    const { host, port, connection } = this;
    // A path names the folder of the server's socket.
    if (host.startsWith("/")) {
      super.connect(callback);
      return;
    }
    connectAnyAddress({ host, port, timeoutMs }, (error, socket) => {
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
      // It took too long, and was given up for another host.
      if (this.connection !== connection) {
        socket.destroy();
        return;
      }
      Object.assign(connection, { stream: connected(socket) });
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
