import { fileURLToPath } from "node:url";

import { syncdCommand } from "@talkme/test-syncd";

import { account } from "../message.ts";
import { Child } from "./child.ts";

/** Starts a program of the benchmark, which writes `ready` when it is. */
export function startNode(
  program: URL,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Child {
  const flags = ["--conditions=@talkme/source", ...profiling()];
  return new Child(process.execPath, [...flags, fileURLToPath(program), ...args], env, /ready/);
}

export interface SyncdOptions {
  readonly databaseUrl: string;
  readonly apiUrl: string;
  readonly concurrency: number;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts the daemon without a rate limit, with the Node options of the image and the bundle. */
export function startSyncd({ databaseUrl, apiUrl, concurrency, settings = {} }: SyncdOptions): Child {
  const env = {
    TALKME_DATABASE_URL: databaseUrl,
    TALKME_BASE_URL: apiUrl,
    TALKME_ID_CLIENTE: account.idCliente,
    TALKME_TOKEN: account.token,
    TALKME_CONCURRENCY: String(concurrency),
    TALKME_RATE_PER_SECOND: "0",
    TALKME_HTTP_PORT: "0",
    ...settings,
  };
  const { program, args } = syncdCommand(["run"], ["--v8-pool-size=1", ...profiling()]);
  return new Child(program, args, env, /"msg":"sending"/);
}

/** With `BENCH_CPU_PROFILE=folder`, every program writes a profile there. */
function profiling(): readonly string[] {
  const folder = process.env["BENCH_CPU_PROFILE"];
  return folder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${folder}`];
}
