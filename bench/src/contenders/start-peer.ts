import type { PeerEnvironment } from "../peers/peer-environment.ts";
import type { Child } from "../stage/child.ts";
import { startNode } from "../stage/node-child.ts";
import type { Work } from "./contender.ts";

export function startPeer(
  program: "graphile-worker" | "pg-boss",
  { databaseUrl, apiUrl, concurrency }: Work,
  tunedFor: PeerEnvironment["BENCH_TUNED_FOR"],
): Child {
  const env: PeerEnvironment = {
    BENCH_DATABASE_URL: databaseUrl,
    BENCH_API_URL: apiUrl,
    BENCH_CONCURRENCY: String(concurrency),
    BENCH_TUNED_FOR: tunedFor,
  };
  return startNode(new URL(`../peers/${program}.ts`, import.meta.url), [], { ...env });
}
