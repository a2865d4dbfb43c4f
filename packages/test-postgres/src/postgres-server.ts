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
  /** Where `initdb` and `pg_ctl` are, for another version than the embedded one. */
  readonly binariesFolder?: string;
  /** Settings beside the ones that make a throw-away server fast, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Embedded only: whether it also speaks TLS, with a certificate for 127.0.0.1 that no authority vouches for. */
  readonly tls?: boolean;
  /**
   * Embedded only: whether its data are kept in memory where there is room, as for a server that lives for one run of
   * tests.
   *
   * @default false
   */
  readonly inMemory?: boolean;
}

/** A server that lives for minutes needs no durability across a power loss, and many connections at once. */
export const throwAwaySettings: Readonly<Record<string, string>> = {
  fsync: "off",
  full_page_writes: "off",
  max_connections: "200",
};
