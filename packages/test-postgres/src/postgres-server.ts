/** How a server is stopped: `fast` ends its sessions and writes a checkpoint, `immediate` is a crash. */
export type StopMode = "fast" | "immediate";

/** A running PostgreSQL that belongs to this process alone. */
export interface PostgresServer {
  readonly kind: "embedded" | "docker";
  /** Connects as a superuser to the database `postgres`. */
  readonly url: string;
  /** Stops it; data are kept until `remove`. */
  stop(mode?: StopMode): Promise<void>;
  /** Starts it again, on the same port with the same data. */
  start(): Promise<void>;
  /** Stops it and deletes everything. */
  remove(): Promise<void>;
}

export interface StartOptions {
  /** The folder of `initdb` and `pg_ctl`, for another version than the embedded one. */
  readonly binariesFolder?: string;
  /** Further settings of postgresql.conf, beside those that make a throw-away server fast. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Embedded only: whether it also offers TLS, with a self-signed certificate for 127.0.0.1. */
  readonly tls?: boolean;
  /**
   * Embedded only: whether its data stay in memory if there is room, for a server that lives for one run of tests.
   *
   * @default false
   */
  readonly inMemory?: boolean;
}

/** A server that lives for minutes needs many connections, and no durability. */
export const throwAwaySettings: Readonly<Record<string, string>> = {
  fsync: "off",
  full_page_writes: "off",
  max_connections: "200",
};
