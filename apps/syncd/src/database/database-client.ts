import { Client, DatabaseError, type ClientConfig } from "pg";

import { AnyAddressClient, type Callback } from "./any-address-client.ts";
import { hostPlace } from "./database-place.ts";
import { parseHostList, type DatabaseHost, type HostList } from "./database-url.ts";
import { NoUsableHostError, WrongHostError, type PassedHost } from "./no-usable-host-error.ts";

const usualTimeoutMs = 10_000;

/** Less than all of it: the pool's own time-out would not say which hosts were tried. */
const shareOfTimeout = 0.95;

/** Longer than that which a host gets for its addresses, so that the error names them. */
const handshakeMs = 20;

/** The host that each URL led to last where only one can be right: it is asked first. */
const lastTaken = new Map<string, string>();

/**
 * A PostgreSQL client that understands the host lists of libpq's URLs, which `pg` does not: it asks one host after the other, and
 * passes over those that do not answer or are not what `target_session_attrs` asks for. Each gets its share of
 * `connectionTimeoutMillis`. As in libpq, a refused login ends the search. A URL with one host is left to {@link AnyAddressClient}.
 */
export class DatabaseClient extends AnyAddressClient {
  readonly #url: string;
  readonly #config: ClientConfig;
  readonly #list: HostList | null;
  readonly #timeoutMs: number;
  #passed: readonly PassedHost[] = [];
  /** Ends when the answer to a host's question for the password is computed, which takes milliseconds. */
  #proving: Promise<void> | undefined;

  /** @param only The one host of the URL that is meant. Default: whichever will do. */
  constructor(config: ClientConfig = {}, only: DatabaseHost | null = null) {
    const url = config.connectionString ?? "";
    const list = url === "" ? null : parseHostList(url);
    const driverConfig =
      list === null ? config : { ...config, connectionString: list.driverUrl, connectionTimeoutMillis: 0 };
    super(driverConfig);
    this.#url = url;
    this.#config = driverConfig;
    this.#list = list !== null && only !== null ? { ...list, hosts: [only], attributes: "any" } : list;
    this.#timeoutMs = (config.connectionTimeoutMillis ?? usualTimeoutMs) * shareOfTimeout;
  }

  /** The hosts that were asked before the one that was taken. */
  get passed(): readonly PassedHost[] {
    return this.#passed;
  }

  override connect(): Promise<Client>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<Client> | undefined {
    const list = this.#list;
    if (callback === undefined) {
      if (list === null) return super.connect();
      return this.#connectToAny(list).then(() => this);
    }
    if (list === null) super.connect(callback);
    else void this.#connectAndTell(list, callback);
    return undefined;
  }

  async #connectAndTell(list: HostList, callback: Callback): Promise<void> {
    let failure: Error | null = null;
    try {
      await this.#connectToAny(list);
    } catch (error) {
      failure = errorOf(error);
    }
    if (failure === null) callback(null, this);
    else callback(failure);
  }

  async #connectToAny(list: HostList): Promise<void> {
    const endMs = performance.now() + this.#timeoutMs;
    const waiting = this.#inOrder(list);
    const passed: PassedHost[] = [];
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      const shareMs = (endMs - performance.now()) / (waiting.length + 1);
      const { host: name, port } = host;
      Object.assign(this, { host: name, port });
      try {
        await this.#tryHost(list, Math.max(1, Math.min(shareMs, list.hostTimeoutMs ?? shareMs)));
        this.#passed = passed;
        lastTaken.set(this.#url, hostPlace(host));
        return;
      } catch (error) {
        if (this.isEnded || refusesLogin(error)) throw error;
        passed.push({ host, error: errorOf(error) });
        await this.#becomeNew();
      }
    }
    const [only] = passed;
    throw passed.length === 1 && list.hosts.length === 1 && only !== undefined
      ? only.error
      : new NoUsableHostError(passed);
  }

  /** Where any host will do, their order is the operator's wish. */
  #inOrder({ hosts, attributes, shuffled }: HostList): DatabaseHost[] {
    if (shuffled) return hosts.toSorted(() => Math.random() - 0.5);
    const last = attributes === "any" ? undefined : lastTaken.get(this.#url);
    const isLast = (host: DatabaseHost): boolean => hostPlace(host) === last;
    return [...hosts.filter(isLast), ...hosts.filter((host) => !isLast(host))];
  }

  async #tryHost({ attributes }: HostList, timeoutMs: number): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`no answer within ${Math.round(timeoutMs)} ms`)),
      timeoutMs + handshakeMs,
    );
    try {
      await Promise.race([late.promise, this.#openAndAsk(attributes, timeoutMs)]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #openAndAsk(attributes: HostList["attributes"], timeoutMs: number): Promise<void> {
    const reported = new Map<string, string>();
    this.connection.on("parameterStatus", ({ parameterName, parameterValue }) =>
      reported.set(parameterName, parameterValue),
    );
    await new Promise<void>((resolve, reject) => {
      this.connectHere(timeoutMs, (error) =>
        error === null || error === undefined ? resolve() : reject(error),
      );
    });
    if (attributes === "any") return;
    const isStandby = reported.get("in_hot_standby");
    const isReadOnly = reported.get("default_transaction_read_only");
    // A pooler does not report them.
    const needsQuestion =
      isStandby === undefined || (attributes === "read-write" && isReadOnly === undefined);
    const answer = needsQuestion
      ? await this.#ask()
      : { standby: isStandby === "on", readOnly: isReadOnly === "on" };
    if (answer.standby) throw new WrongHostError("it is a standby");
    if (answer.readOnly && attributes === "read-write") throw new WrongHostError("it is read-only");
  }

  async #ask(): Promise<{ readonly standby: boolean; readonly readOnly: boolean }> {
    const { rows } = await this.query<{ standby: boolean; readOnly: boolean }>(
      `select pg_catalog.pg_is_in_recovery() as standby,
         pg_catalog.current_setting('transaction_read_only')::boolean as "readOnly"`,
    );
    return rows[0] ?? { standby: false, readOnly: false };
  }

  /** Called by `pg`, which then writes to the connection of that moment: it must still be the one that asked. */
  async _handleAuthSASLContinue(message: unknown): Promise<void> {
    this.#proving = proveLogin.call(this, message);
    await this.#proving;
  }

  /** Drops the connection, and the driver's notes of it: `pg` connects a client once. */
  async #becomeNew(): Promise<void> {
    const { connection } = this;
    connection.removeAllListeners();
    connection.on("error", () => "Nobody uses it any more.");
    connection.stream.destroy();
    await this.#proving;
    const fresh = Object.entries(new Client(this.#config));
    Object.assign(this, Object.fromEntries(fresh.filter(([name]) => !emittersOwn.has(name))));
  }
}

/** Of `pg`, whose types leave it out. */
const {
  _handleAuthSASLContinue: proveLogin,
}: {
  readonly _handleAuthSASLContinue: (this: Client, message: unknown) => Promise<void>;
} = Object.create(Client.prototype);

const emittersOwn: ReadonlySet<string> = new Set(["_events", "_eventsCount", "_maxListeners", "domain"]);

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The other hosts would refuse it, too. */
function refusesLogin(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code ?? "").startsWith("28");
}
