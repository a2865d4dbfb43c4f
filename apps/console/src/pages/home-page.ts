import {
  listCampaigns,
  listPauses,
  listSentLately,
  listStops,
  seesCampaigns,
  seesEverything,
  type LaneCounts,
  type SentInMinutes,
} from "@talkme/outbox/console";
import type { Hono } from "hono";

import { barChart } from "../look/bar-chart.ts";
import { figures } from "../look/figures.ts";
import { html, type Html } from "../look/html.ts";
import { live } from "../look/live.ts";
import type { PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";
import type { Words } from "../language/words.ts";
import { attentionList } from "./attention-list.ts";
import { campaignTable } from "./campaign-table.ts";

/** Busy campaigns that the first page shows; the others have a page of their own. */
const mostBusy = 8;

/** What needs a person now comes first; then what is going out. */
export function routeHome(app: Hono, requests: PersonRequests): void {
  app.get("/", requests.reading(home));
}

async function home({ db, person, words }: PersonRequest): Promise<PageContent> {
  if (!seesCampaigns(person.rights)) return ownHome(db, words);
  const lanes = await listCampaigns(db);
  const pauses = await listPauses(db, person);
  const stops = seesEverything(person.rights) ? await listStops(db) : [];
  const slices = await listSentLately(db);
  const busy = lanes.filter(({ pending, sending }) => pending + sending > 0).slice(0, mostBusy);
  const { texts } = words;
  const body = html`${attentionList({ lanes, pauses, stops, rights: person.rights }, words)}
    <section>
      <h2>${texts.home.now}</h2>
      ${totals(lanes, words)}
    </section>
    <section>${sentLately(slices, words)}</section>
    <section>
      <h2>${texts.home.busiest}</h2>
      ${busy.length === 0 ? html`<p class="empty">${texts.home.noneBusy}</p>` : campaignTable(busy, words)}
      <p><a href="/campanhas">${texts.home.allCampaigns}</a></p>
    </section>`;
  return { title: texts.home.title, body: live("home", "/", body) };
}

/** A producer's: what went out of its own rows. */
async function ownHome(db: PersonRequest["db"], words: Words): Promise<PageContent> {
  const { home: labels, batches } = words.texts;
  const body = html`<section>${sentLately(await listSentLately(db), words)}</section>
    <p><a href="/listas">${batches.title}</a></p>`;
  return { title: labels.title, body: live("home", "/", body) };
}

function totals(lanes: readonly LaneCounts[], words: Words): Html {
  const { counts } = words.texts;
  const sum = (of: (lane: LaneCounts) => number | null): number =>
    lanes.reduce((total, lane) => total + (of(lane) ?? 0), 0);
  return figures(
    [
      { name: counts.due, value: sum(({ due }) => due), to: "/mensagens?situacao=pending" },
      { name: counts.pending, value: sum(({ pending }) => pending), to: "/mensagens?situacao=pending" },
      { name: counts.sending, value: sum(({ sending }) => sending), to: "/mensagens?situacao=sending" },
      {
        name: counts.sent,
        value: sum(({ sent }) => sent),
        isEstimate: lanes.some(({ sentIsEstimate }) => sentIsEstimate),
        tone: "good",
        to: "/mensagens?situacao=sent",
      },
      {
        name: counts.failed,
        value: sum(({ failed }) => failed),
        tone: "bad",
        to: "/mensagens?situacao=failed",
      },
      { name: counts.unknown, value: sum(({ unknown }) => unknown), tone: "warn", to: "/desconhecidos" },
    ],
    words,
  );
}

function sentLately(slices: readonly SentInMinutes[], words: Words): Html {
  const { texts, formats } = words;
  const total = formats.number(slices.reduce((sum, { sent }) => sum + sent, 0));
  return html`<h2>${texts.home.sentLately} <small>${texts.home.sentLatelyHint}</small></h2>
    <p class="lead">${texts.home.sentInHour(total)}</p>
    ${barChart(slices, texts.home.sentLately, words)}`;
}
