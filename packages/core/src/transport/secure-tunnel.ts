import type { Socket } from "node:net";

import { ConnectTimeoutError } from "./connect-timeout-error.ts";
import type { Proxy } from "./proxy.ts";

/** Called once, with a connection or an error. */
type Done = (error: Error | null, socket: Socket | null) => void;

/** What {@link secureTunnel} needs. */
export interface SecureTunnelOptions {
  readonly tunnel: Socket;
  readonly startTls: (tunnel: Socket, done: Done) => void;
  /** Host and port at its end, for the message. */
  readonly place: string;
  readonly proxy: Proxy;
  /** What is left of the time for the whole connection, in milliseconds. */
  readonly timeoutMs: number;
}

/** TLS with the host at the end of a tunnel, within the time that is left. A tunnel that breaks meanwhile is TLS's error. */
export function secureTunnel(
  { tunnel, startTls, place, proxy, timeoutMs }: SecureTunnelOptions,
  done: Done,
): void {
  let isOver = false;
  const finish: Done = (error, socket) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    if (error === null) {
      done(null, socket);
      return;
    }
    tunnel.destroy();
    // undici leaves out the other argument.
    done(error, null);
  };
  const onTimeout = (): void => {
    const message = `${place} finished no TLS handshake through the proxy ${proxy.place} in time`;
    // After a pause of the process the handshake may be over already, but timers run before sockets.
    setImmediate(() => finish(new ConnectTimeoutError(message), null));
  };
  const timer = setTimeout(onTimeout, Math.max(1, timeoutMs));
  startTls(tunnel, finish);
}
