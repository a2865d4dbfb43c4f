import { maskedText, type CampaignProgress } from "@talkme/outbox/daemon";

/** Campaigns added up. */
interface OtherCampaigns {
  readonly campaigns: number;
  readonly pending: number;
  readonly due: number;
  readonly held: number;
  readonly sending: number;
  readonly sent: number;
  readonly unknown: number;
  readonly failed: number;
  readonly ratePerSecond: number;
}

export interface NamedCampaigns {
  readonly campaigns: readonly CampaignProgress[];
  readonly others: OtherCampaigns | null;
}

/** The most campaigns that are listed: with the rest of the report they fit on a screen. */
const mostCampaigns = 12;

/**
 * Those that most concern people: with rows on their way, with rows that may have been sent, with rows that failed, in that order
 * and the largest first. Beyond twelve they are added up.
 */
export function namedCampaigns(all: readonly CampaignProgress[]): NamedCampaigns {
  const ranked = all.toSorted((a, b) => {
    for (const weight of weights) {
      if (weight(a) !== weight(b)) return weight(b) - weight(a);
    }
    return 0;
  });
  const others = ranked.slice(mostCampaigns);
  return {
    campaigns: ranked
      .slice(0, mostCampaigns)
      .map((one) => Object.assign({}, one, { name: one.name === null ? null : maskedText(one.name) })),
    others: others.length === 0 ? null : addedUp(others),
  };
}

const weights: readonly ((campaign: CampaignProgress) => number)[] = [
  ({ pending, sending }) => pending + sending,
  ({ unknown }) => unknown,
  ({ failed }) => failed,
  ({ sent }) => sent,
];

function addedUp(campaigns: readonly CampaignProgress[]): OtherCampaigns {
  const sum = (value: (campaign: CampaignProgress) => number): number =>
    campaigns.reduce((total, one) => total + value(one), 0);
  return {
    campaigns: campaigns.length,
    pending: sum(({ pending }) => pending),
    due: sum(({ due }) => due),
    held: sum(({ held }) => held),
    sending: sum(({ sending }) => sending),
    sent: sum(({ sent }) => sent),
    unknown: sum(({ unknown }) => unknown),
    failed: sum(({ failed }) => failed),
    ratePerSecond: sum(({ ratePerSecond }) => ratePerSecond),
  };
}
