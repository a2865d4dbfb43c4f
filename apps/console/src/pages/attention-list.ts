import type { LaneCounts, Pause, Rights, Stop } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { scopePath, scopeText, targetText } from "../look/scope-text.ts";

interface Attention {
  readonly lanes: readonly LaneCounts[];
  readonly pauses: readonly Pause[];
  readonly stops: readonly Stop[];
  readonly rights: Rights;
}

interface Item {
  readonly tone: "bad" | "warn";
  readonly title: string;
  readonly hint: string;
  readonly to: string | null;
  readonly does: string;
}

/** What needs a person now: what stopped by itself first, then what waits for a decision, then what people have paused. */
export function attentionList(attention: Attention, words: Words): Html {
  const { texts } = words;
  const items = [
    ...attention.stops.map((stop) => stopItem(stop, words)),
    ...waiting(attention.lanes, attention.rights, words),
    ...attention.pauses.map((pause) => pauseItem(pause, words)),
  ];
  if (items.length === 0) return html`<p class="notice good">${texts.home.calm}</p>`;
  return html`<section>
    <h2>${texts.home.attention}</h2>
    <ul class="attention">
      ${items.map(
        ({ tone, title, hint, to, does }) =>
          html`<li class="${tone}">
            <div>
              <strong>${title}</strong>
              <p>${hint}</p>
            </div>
            ${to === null ? "" : html`<a class="button" href="${to}" aria-label="${does}: ${title}">${does}</a>`}
          </li>`,
      )}
    </ul>
  </section>`;
}

function stopItem(stop: Stop, { texts, formats }: Words): Item {
  const { home } = texts;
  switch (stop.kind) {
    case "nobody sends":
      return { tone: "bad", title: home.nobodySends, hint: home.nobodySendsHint, to: null, does: "" };
    case "circuit": {
      const hint = `${home.circuitBecause[stop.because]} ${home.triedAt(formats.clock(stop.triedAt))}`;
      return { tone: "bad", title: home.circuit(stop.account), hint, to: "/pausas", does: home.look };
    }
    case "quiet lane": {
      const name = scopeText(stop.scope, texts);
      const title = stop.notFound ? home.quietNotFound(name) : home.quietWords(name);
      const hint = home.quietUntil(formats.clock(stop.until));
      return { tone: "bad", title, hint, to: scopePath(stop.scope), does: home.look };
    }
  }
}

function waiting(lanes: readonly LaneCounts[], rights: Rights, { texts, formats }: Words): readonly Item[] {
  const { home } = texts;
  const unknown = lanes.reduce((sum, lane) => sum + lane.unknown, 0);
  const held = lanes.filter((lane) => lane.held > 0);
  return [
    ...(unknown === 0
      ? []
      : [
          {
            tone: "warn",
            title: home.unknown(formats.number(unknown), unknown === 1),
            hint: home.unknownHint,
            to: "/desconhecidos",
            does: rights.operator ? home.decide : home.look,
          } as const,
        ]),
    ...held.map((lane) => ({
      tone: "warn" as const,
      title: `${targetText(lane, texts)}: ${home.held(formats.number(lane.held), lane.held === 1)}`,
      hint: home.heldHint,
      to: lane.campaign === null ? "/pausas" : `/campanhas/${lane.campaign}`,
      does: home.look,
    })),
  ];
}

function pauseItem({ scope, reason, pausedBy, pausedAt, name }: Pause, { texts, formats }: Words): Item {
  const what = name === null ? scopeText(scope, texts) : `${scopeText(scope, texts)} (${name})`;
  return {
    tone: "warn",
    title: texts.home.paused(what),
    hint: texts.home.pausedBy(pausedBy, formats.time(pausedAt), reason),
    to: scopePath(scope) ?? "/pausas",
    does: texts.home.look,
  };
}
