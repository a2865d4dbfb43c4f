/** The parts of a lane; null for each that its rows lack. */
export interface LaneParts {
  readonly account: string;
  readonly campaign: string | null;
  readonly channel: string | null;
}

const lanePattern = /^(?<account>.*)\/(?<campaign>[^/]*)\/(?<channel>[^/]*)$/s;

/** Names a lane as the column `talkme.outbox.lane` does. */
export function laneOf({ account, campaign, channel }: LaneParts): string {
  return `${account}/${campaign ?? "-"}/${channel ?? "-"}`;
}

/**
 * Splits a lane, from its end: only an account's name that bypassed the checks may hold a slash. The same as
 * `talkme.lane_parts`.
 */
export function parseLane(lane: string): LaneParts {
  const { account = lane, campaign = "-", channel = "-" } = lanePattern.exec(lane)?.groups ?? {};
  return {
    account,
    campaign: campaign === "-" ? null : campaign,
    channel: channel === "-" ? null : channel,
  };
}

/**
 * The scopes by which pauses, rates and `talkme.resume` name an account, campaign and channel, the widest first. The same as
 * `talkme.scopes_of`, which also has `all`.
 */
export function scopesOf({ account, campaign, channel }: LaneParts): readonly string[] {
  return [
    scopeOf("account", account),
    ...(campaign === null ? [] : [scopeOf("campaign", campaign)]),
    ...(channel === null ? [] : [scopeOf("channel", channel)]),
  ];
}

/** One of {@link scopesOf}. */
export function scopeOf(kind: keyof LaneParts, name: string): string {
  return `${kind}:${name}`;
}
