import type { CampaignRules } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";

/** What the company says about a campaign; nothing where it says nothing. */
export function campaignRules(rules: readonly CampaignRules[], { texts, formats }: Words): Html {
  if (rules.length === 0) return html``;
  const { campaigns } = texts;
  return html`<section>
    <h2>${campaigns.rules}</h2>
    ${rules.map(
      (rule) =>
        html`${rules.length > 1 ? html`<h3>${texts.account(rule.account)}</h3>` : ""}
          <dl class="facts">
            ${
              rule.active
                ? ""
                : html`<dt>${campaigns.state}</dt>
                    <dd>${campaigns.inactive}</dd>`
            }
            <dt>${campaigns.rate}</dt>
            <dd>
              ${rule.ratePerSecond === null ? texts.counts.none : campaigns.perSecond(formats.number(Number(rule.ratePerSecond)))}
            </dd>
            <dt>${campaigns.window}</dt>
            <dd>${rule.sendingWindow ?? texts.counts.none}</dd>
            <dt>${campaigns.burst}</dt>
            <dd>
              ${rule.burstLimit === null ? texts.counts.none : campaigns.burstAbove(formats.number(rule.burstLimit))}
            </dd>
            <dt>${campaigns.variables}</dt>
            <dd>
              ${rule.requiredVariables.length === 0 ? campaigns.none : rule.requiredVariables.join(", ")}
            </dd>
          </dl>`,
    )}
  </section>`;
}
