import { expect, test } from "vitest";

import { shownCampaigns } from "./shown-campaigns.ts";

const none = {
  pending: 0,
  due: 0,
  held: 0,
  sending: 0,
  sent: 0,
  unknown: 0,
  failed: 0,
  expired: 0,
  cancelled: 0,
  ratePerSecond: 0,
};

const campaign = (
  idCampanha: string | null,
  changes: { readonly registered?: boolean; readonly active?: boolean; readonly pending?: number } = {},
) => ({
  ...none,
  account: "default",
  idCampanha,
  registered: true,
  active: true,
  paused: false,
  opensAtSeconds: null,
  expectedEndSeconds: null,
  ...changes,
});

test("registered campaigns beyond the limit, and all that is not registered, are one series", () => {
  const shown = shownCampaigns(
    [
      campaign("9", { active: false, pending: 1 }),
      campaign("7", { pending: 10 }),
      campaign("8", { pending: 20 }),
      campaign("6", { pending: 100 }),
      campaign("99", { registered: false, pending: 1000 }),
      campaign(null, { registered: false, pending: 10_000 }),
    ],
    2,
  );
  expect(shown.map(({ account, campaign: id, progress }) => [account, id, progress.pending])).toEqual([
    ["default", "8", 20],
    ["default", "7", 10],
    ["", "other", 11_101],
  ]);
});

test("a campaign that is not active counts as stopped by a pause", () => {
  expect(shownCampaigns([campaign("1", { active: false })])[0]?.progress).toMatchObject({ isPaused: true });
});
