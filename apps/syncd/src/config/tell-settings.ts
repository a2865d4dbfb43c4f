import type { Logger } from "pino";

import { describeSettings } from "./describe-settings.ts";
import type { Settings } from "./settings.ts";

/** Tells at the start what is in force, and what of it may surprise. */
export function tellSettings(settings: Settings, log: Logger): void {
  log.info({ settings: describeSettings(settings) }, "configuration");
  if (settings.onUnknown === "resend")
    log.warn(
      "TALKME_ON_UNKNOWN is resend: what may have been sent is sent again, and a person may get it twice",
    );
  if (settings.unrecognised.length > 0)
    log.warn({ variables: settings.unrecognised }, "not settings of syncd");
}
