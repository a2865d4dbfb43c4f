import type { Texts } from "../language/pt-br.ts";

/** A scope of pauses in words: `campaign:123` is campaign 123. */
export function scopeText(scope: string, texts: Texts): string {
  const [kind = "", name = ""] = scope.split(":");
  switch (kind) {
    case "campaign":
      return texts.campaign(name);
    case "channel":
      return texts.channel(name);
    case "batch":
      return texts.batch(name);
    case "account":
      return texts.account(name);
    default:
      return texts.everything;
  }
}

/** Where a scope can be looked at; null if it has no page. */
export function scopePath(scope: string): string | null {
  const [kind, name = ""] = scope.split(":");
  if (kind === "campaign") return `/campanhas/${name}`;
  return kind === "batch" ? `/listas/${name}` : null;
}

/** What a row's messages go through: its campaign, or else its channel. */
export function targetText(
  { campaign, channel }: { readonly campaign: string | null; readonly channel: string | null },
  texts: Texts,
): string {
  if (campaign !== null) return texts.campaign(campaign);
  return channel === null ? texts.rest : texts.channel(channel);
}
