/** A login of the cluster. Its password is its name: it lives as long as the cluster, on the loopback interface. */
export const superuser = "postgres";
const replicator = "replicator";

/** How long a leader may be silent before another node takes over; Patroni's default is 30. */
export const ttlSeconds = 6;

export interface NodeConfiguration {
  readonly name: string;
  readonly home: string;
  readonly postgresFolder: string;
  readonly isSynchronous: boolean;
  readonly ports: {
    /** Where it listens. */
    readonly postgres: number;
    readonly rest: number;
    /** Where the other nodes find it, and it finds etcd. */
    readonly postgresForPeers: number;
    readonly restForPeers: number;
    readonly etcd: number;
  };
}

/** Of a throw-away cluster that notices losses soon. Rewinding needs full pages and hint bits in the WAL. */
const parameters = {
  fsync: "off",
  full_page_writes: "on",
  wal_log_hints: "on",
  wal_level: "replica",
  hot_standby: "on",
  wal_keep_size: "512MB",
  wal_sender_timeout: "5s",
  wal_receiver_timeout: "5s",
  wal_receiver_status_interval: "1s",
  wal_retrieve_retry_interval: "500ms",
  max_connections: "120",
  max_wal_senders: "10",
  max_replication_slots: "10",
  shared_buffers: "32MB",
  timezone: "UTC",
};

/** Patroni's configuration of a node, as JSON, which every reader of YAML understands. */
export function patroniConfiguration(node: NodeConfiguration): string {
  const { name, home, postgresFolder, isSynchronous, ports } = node;
  const configuration = {
    scope: "talkme",
    name,
    restapi: { listen: at(ports.rest), connect_address: at(ports.restForPeers) },
    // With etcd's second protocol: with the third one, Patroni before 3.0.3 takes the lock back without looking when it wakes up,
    // and what the new leader has confirmed is lost (patroni#2689). As a proxy: otherwise it asks etcd for its address and goes
    // past the relay.
    etcd: { hosts: [at(ports.etcd)], use_proxies: true },
    bootstrap: {
      dcs: {
        ttl: ttlSeconds,
        loop_wait: 1,
        retry_timeout: 2,
        maximum_lag_on_failover: 1024 ** 3,
        synchronous_mode: isSynchronous,
        postgresql: { use_pg_rewind: true, use_slots: true, parameters },
      },
      initdb: [{ encoding: "UTF8" }, "no-sync"],
    },
    postgresql: {
      listen: at(ports.postgres),
      connect_address: at(ports.postgresForPeers),
      data_dir: `${home}/data`,
      bin_dir: postgresFolder,
      pgpass: `${home}/pgpass`,
      authentication: {
        superuser: { username: superuser, password: superuser },
        replication: { username: replicator, password: replicator },
      },
      parameters: { unix_socket_directories: home },
      pg_hba: ["host replication all 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 scram-sha-256"],
      remove_data_directory_on_rewind_failure: true,
      remove_data_directory_on_diverged_timelines: true,
    },
    watchdog: { mode: "off" },
  };
  return JSON.stringify(configuration, undefined, 2);
}

function at(port: number): string {
  return `127.0.0.1:${port}`;
}
