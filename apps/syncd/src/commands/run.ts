import type { Environment } from "../config/environment.ts";
import { readSettings } from "../config/settings.ts";
import { runDaemon } from "../main.ts";
import { Controls } from "../service/controls.ts";

/**
 * `syncd run`: sends until `stop` is aborted, then drains. SIGHUP reloads the configuration, SIGUSR2 switches the
 * log level `debug` on and off. Returns the exit code.
 */
export async function run(environment: Environment, stop: AbortSignal): Promise<number> {
  const controls = new Controls();
  process.on("SIGHUP", () => controls.emit("reload"));
  process.on("SIGUSR2", () => controls.emit("toggleDebug"));
  return runDaemon(readSettings(environment), stop, controls, () => readSettings(environment));
}
