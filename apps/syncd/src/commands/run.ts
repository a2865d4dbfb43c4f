import type { Environment } from "../config/environment.ts";
import { readSettings } from "../config/settings.ts";
import { runDaemon } from "../main.ts";

/** `syncd run`: sends until `stop` is aborted, then drains. Returns the exit code. */
export async function run(environment: Environment, stop: AbortSignal): Promise<number> {
  return runDaemon(readSettings(environment), stop);
}
