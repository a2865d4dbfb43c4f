/** The settings of the peers' programs, in environment variables. */
export interface PeerEnvironment {
  readonly BENCH_DATABASE_URL: string;
  readonly BENCH_API_URL: string;
  readonly BENCH_CONCURRENCY: string;
  /**
   * `drain` for throughput, `burst` for the peer's option for more of it, `pickup` for a single job, `recovery` for losing
   * and repeating as little as it can.
   */
  readonly BENCH_TUNED_FOR: "drain" | "burst" | "pickup" | "recovery";
}

export function readPeerEnvironment(): {
  readonly databaseUrl: string;
  readonly apiUrl: string;
  readonly concurrency: number;
  readonly tunedFor: string;
} {
  return {
    databaseUrl: read("BENCH_DATABASE_URL"),
    apiUrl: read("BENCH_API_URL"),
    concurrency: Number(read("BENCH_CONCURRENCY")),
    tunedFor: read("BENCH_TUNED_FOR"),
  };
}

function read(name: keyof PeerEnvironment): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}
