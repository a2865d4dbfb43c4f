import type { Environment } from "../config/environment.ts";
import { readSettings } from "../config/settings.ts";
import { runDaemon } from "../main.ts";

const exitAtOnce = 1;

/** `syncd run`: sends until SIGTERM or SIGINT, which drain; a second signal ends the process at once. */
export async function run(environment: Environment): Promise<number> {
  const settings = readSettings(environment);
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(exitAtOnce);
    stop.abort();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  try {
    return await runDaemon(settings, stop.signal);
  } finally {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  }
}
