/** The most campaigns that have series of their own: each has thirteen. */
const mostCampaigns = 50;

interface Counts {
  readonly pending: number;
  readonly due: number;
  readonly held: number;
  readonly sending: number;
  readonly sent: number;
  readonly unknown: number;
  readonly failed: number;
  readonly expired: number;
  readonly cancelled: number;
  readonly ratePerSecond: number;
}

interface Campaign extends Counts {
  readonly account: string;
  readonly idCampanha: string | null;
  readonly registered: boolean;
  readonly active: boolean;
  readonly paused: boolean;
  readonly opensAtSeconds: number | null;
  readonly expectedEndSeconds: number | null;
}

/** A campaign's series, or those of all the others. */
export interface ShownCampaign {
  readonly account: string;
  readonly campaign: string;
  readonly progress: Counts & {
    readonly isPaused: boolean;
    readonly isClosed: boolean;
    /** 0 where nobody can say. */
    readonly expectedEndSeconds: number;
  };
}

/**
 * Chooses the registered campaigns with series of their own: active before inactive ones, the highest number first, so that the
 * choice changes only when somebody registers or ends a campaign. All else is added up as `other`.
 */
export function shownCampaigns(all: readonly Campaign[], most = mostCampaigns): readonly ShownCampaign[] {
  const registered = all
    .filter((one) => one.registered)
    .toSorted((a, b) => Number(b.active) - Number(a.active) || byNumber(b) - byNumber(a));
  const shown = new Set(registered.slice(0, most));
  const others = all.filter((one) => !shown.has(one));
  return [
    ...[...shown].map((one) => ({
      account: one.account,
      campaign: one.idCampanha ?? "",
      progress: {
        ...one,
        isPaused: !one.active || one.paused,
        isClosed: one.opensAtSeconds !== null,
        expectedEndSeconds: one.expectedEndSeconds ?? 0,
      },
    })),
    {
      account: "",
      campaign: "other",
      progress: { ...addedUp(others), isPaused: false, isClosed: false, expectedEndSeconds: 0 },
    },
  ];
}

function byNumber({ idCampanha }: Campaign): number {
  return Number(idCampanha ?? 0);
}

function addedUp(campaigns: readonly Counts[]): Counts {
  const sum = (value: (counts: Counts) => number): number =>
    campaigns.reduce((total, one) => total + value(one), 0);
  return {
    pending: sum(({ pending }) => pending),
    due: sum(({ due }) => due),
    held: sum(({ held }) => held),
    sending: sum(({ sending }) => sending),
    sent: sum(({ sent }) => sent),
    unknown: sum(({ unknown }) => unknown),
    failed: sum(({ failed }) => failed),
    expired: sum(({ expired }) => expired),
    cancelled: sum(({ cancelled }) => cancelled),
    ratePerSecond: sum(({ ratePerSecond }) => ratePerSecond),
  };
}
