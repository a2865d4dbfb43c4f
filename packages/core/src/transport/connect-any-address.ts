import dns from "node:dns";
import { connect, isIP, type LookupFunction, type Socket } from "node:net";

import { ConnectTimeoutError } from "./connect-timeout-error.ts";

/** How long an address is tried alone (RFC 8305) before the next joins it. */
const headStartMs = 250;

/** The target of {@link connectAnyAddress}. */
export interface ConnectAnyOptions {
  readonly host: string;
  readonly port: number;
  /** For everything from resolving the name to the connection, in milliseconds. */
  readonly timeoutMs: number;
  /** @default `dns.lookup` */
  readonly lookup?: LookupFunction | undefined;
  /**
   * A further step before a connection counts, such as TLS. During it the next address may be tried.
   *
   * @default none
   */
  readonly establish?:
    | ((socket: Socket, done: (error: Error | null, socket: Socket | null) => void) => void)
    | undefined;
  /**
   * Whether no further address is tried after an error of `establish`, which then is the error of the whole.
   *
   * @default never
   */
  readonly isFinal?: ((error: Error) => boolean) | undefined;
}

interface Attempt {
  readonly place: string;
  readonly socket: Socket;
  readonly startedMs: number;
  failure: Error | null;
}

/**
 * Connects to the first of a host's addresses that answers. Each is tried until the time is over; Node would give up a slow
 * one after 250 ms for one that may never answer.
 *
 * @param done Called once, with a connection or an error that says how each address failed.
 * @returns A function that gives up; `done` is not called then.
 */
export function connectAnyAddress(
  { host, port, timeoutMs, lookup = dns.lookup, establish, isFinal }: ConnectAnyOptions,
  done: (error: Error | null, socket: Socket | null) => void,
): () => void {
  const startedMs = performance.now();
  const attempts: Attempt[] = [];
  const waiting: { readonly address: string; readonly family: number }[] = [];
  let nextTimer: NodeJS.Timeout | undefined;
  let isOver = false;

  /** @param winner The attempt that led to `connection`. */
  const finish = (error: Error | null, connection: Socket | null, winner?: Attempt): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    clearTimeout(nextTimer);
    for (const attempt of attempts) if (attempt !== winner) attempt.socket.destroy();
    done(error, connection);
  };
  const onTimeout = (): void => {
    // After a pause of the process the connection may be there already, but timers run before sockets.
    setImmediate(() => finish(new ConnectTimeoutError(waitedFor(host, port, startedMs, attempts)), null));
  };
  const timer = setTimeout(onTimeout, timeoutMs);

  const tryNext = (): void => {
    clearTimeout(nextTimer);
    const next = waiting.shift();
    if (isOver || next === undefined) return;
    const { address, family } = next;
    const attempt: Attempt = {
      place: family === 6 ? `[${address}]:${port}` : `${address}:${port}`,
      socket: connect({ host: address, port, family, autoSelectFamily: false }),
      startedMs: performance.now(),
      failure: null,
    };
    attempts.push(attempt);
    const { socket } = attempt;
    const onError = (error: Error): void => {
      attempt.failure = error;
      if (isOver) return;
      if (waiting.length > 0) tryNext();
      else if (attempts.every(({ failure }) => failure !== null)) finish(failureOf(attempts), null);
    };
    // Stays with a connection that TLS takes over; a losing attempt may fail twice.
    socket.on("error", onError);
    socket.once("connect", () => {
      if (isOver) return;
      if (establish === undefined) {
        socket.off("error", onError);
        finish(null, socket, attempt);
        return;
      }
      establish(socket, (error, established) => {
        // undici leaves out the other argument.
        if (error !== null) {
          if (isFinal?.(error) === true) finish(error, null);
          else onError(error);
        } else finish(null, established, attempt);
      });
    });
    if (waiting.length > 0) {
      const shareMs = timeoutMs / (2 * (waiting.length + attempts.length));
      nextTimer = setTimeout(tryNext, Math.min(headStartMs, shareMs));
    }
  };

  const begin = (addresses: readonly { readonly address: string; readonly family: number }[]): void => {
    waiting.push(...alternating(addresses));
    if (waiting.length === 0) finish(new Error(`${host} has no address`), null);
    else tryNext();
  };
  const family = isIP(host);
  if (family !== 0) begin([{ address: host, family }]);
  else {
    lookup(host, { all: true }, (error, found, foundFamily) => {
      if (isOver) return;
      if (error !== null) finish(error, null);
      else
        begin(typeof found === "string" ? [{ address: found, family: foundFamily ?? isIP(found) }] : found);
    });
  }
  return () => {
    isOver = true;
    clearTimeout(timer);
    clearTimeout(nextTimer);
    for (const { socket } of attempts) socket.on("error", () => "It was given up.").destroy();
  };
}

/** Alternates IPv6 and IPv4, each in the resolver's order, so that a broken family delays only one attempt. */
function alternating<T extends { readonly family: number }>(addresses: readonly T[]): readonly T[] {
  const [first] = addresses;
  const own = addresses.filter(({ family }) => family === first?.family);
  const other = addresses.filter(({ family }) => family !== first?.family);
  return own.flatMap((one, i) => [one, ...other.slice(i, i + 1)]).concat(other.slice(own.length));
}

/** The error of a single address, or one that names all, with the first code. */
function failureOf(attempts: readonly Attempt[]): Error {
  const [first, ...others] = attempts;
  if (first === undefined || others.length === 0) return first?.failure ?? new Error("no address");
  const errors = attempts.flatMap(({ failure }) => failure ?? []);
  const message = attempts.map(({ place, failure }) => `${place}: ${codeOf(failure)}`).join(", ");
  return Object.assign(new AggregateError(errors, `no address could be connected to (${message})`), {
    code: codeOf(first.failure),
  });
}

/** How long the attempts really took, address by address. */
function waitedFor(host: string, port: number, startedMs: number, attempts: readonly Attempt[]): string {
  const nowMs = performance.now();
  const waited = `${Math.round(nowMs - startedMs)} ms`;
  if (attempts.length === 0) return `the name ${host} was not resolved within ${waited}`;
  const each = attempts.map(({ place, startedMs: beganMs, failure }) =>
    failure === null
      ? `${place} gave no answer for ${Math.round(nowMs - beganMs)} ms`
      : `${place}: ${codeOf(failure)}`,
  );
  return `no connection to ${host}:${port} within ${waited} (${each.join(", ")})`;
}

function codeOf(error: Error | null): string {
  if (error === null) return "no answer";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
