import type { Logger } from "pino";

import { describeSettings } from "./describe-settings.ts";
import type { Settings } from "./settings.ts";

/** Logs the settings in force at the start, and warns of those that may surprise. */
export function logSettings(settings: Settings, log: Logger): void {
  log.info({ settings: describeSettings(settings) }, "configuration");
  if (settings.onUnknown === "resend")
    log.warn(
      "TALKME_ON_UNKNOWN is resend: rows that may have been sent are sent again, and a person may get them twice",
    );
  if (settings.unrecognised.length > 0)
    log.warn({ variables: settings.unrecognised }, "not settings of syncd");
}
