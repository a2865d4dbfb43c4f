import { Gauge, type Registry } from "@prometheus-io/client";
import { statuses } from "@talkme/outbox";
import type { CampaignProgress } from "@talkme/outbox/daemon";

import { shownCampaigns } from "../../policy/shown-campaigns.ts";
import { forget, type Collector } from "../collector.ts";

/**
 * How far each registered campaign is, of at most fifty; all other rows are added up as `other`. Read from the table at
 * a scrape, so that it costs no turn anything; every instance reports the same.
 */
export function campaignsCollector(
  registry: Registry,
  read: () => Promise<readonly CampaignProgress[]>,
): Collector {
  const labelNames = ["account", "campaign"] as const;
  const registers = [registry];
  const rows = new Gauge({
    name: "talkme_campaign_rows",
    help: "Rows of each campaign of talkme.campaign by status; sent is an estimate in a table over 100 MB. Of more than 50 campaigns, the active ones with the highest numbers; what is beyond, or not registered, is campaign other, without an account",
    labelNames: [...labelNames, "status"],
    registers,
  });
  const due = new Gauge({
    name: "talkme_campaign_due_rows",
    help: "Of its pending rows, those whose turn has come; the others are scheduled or held",
    labelNames,
    registers,
  });
  const held = new Gauge({
    name: "talkme_campaign_held_rows",
    help: "Of its pending rows, those that wait for talkme.resume",
    labelNames,
    registers,
  });
  const stopped = new Gauge({
    name: "talkme_campaign_stopped",
    help: "1 while none of its waiting rows may go. reason: pause (talkme.pause, or the campaign is not active), window (its sending window is closed in the whole country)",
    labelNames: [...labelNames, "reason"],
    registers,
  });
  const rate = new Gauge({
    name: "talkme_campaign_sent_per_second",
    help: "Messages a second that were sent in the last minute",
    labelNames,
    registers,
  });
  const end = new Gauge({
    name: "talkme_campaign_expected_end_timestamp_seconds",
    help: "When its last waiting row goes if nothing changes, by that rate and its sending window, as a Unix time; 0 if nothing waits or nobody can say",
    labelNames,
    registers,
  });
  const gauges = [rows, due, held, stopped, rate, end] as const;
  return {
    name: "campaigns",
    collect: async () => {
      const shown = shownCampaigns(await read());
      // A campaign that is no longer registered has no series.
      for (const gauge of gauges) gauge.reset();
      for (const { account, campaign, progress } of shown) {
        const labels = { account, campaign };
        for (const status of statuses) rows.set({ ...labels, status }, progress[status]);
        due.set(labels, progress.due);
        held.set(labels, progress.held);
        stopped.set({ ...labels, reason: "pause" }, Number(progress.isPaused));
        stopped.set({ ...labels, reason: "window" }, Number(progress.isClosed));
        rate.set(labels, progress.ratePerSecond);
        end.set(labels, progress.expectedEndSeconds);
      }
    },
    forget: () => forget(...gauges),
  };
}
