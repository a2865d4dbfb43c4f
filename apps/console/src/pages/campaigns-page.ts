import {
  listCampaigns,
  listPauses,
  listReasons,
  listSentLately,
  pause,
  readCampaignRules,
  resume,
  type LaneCounts,
} from "@talkme/outbox/console";
import type { Hono } from "hono";
import { z } from "zod";

import type { Words } from "../language/words.ts";
import { barChart } from "../look/bar-chart.ts";
import { figures } from "../look/figures.ts";
import { html, type Html } from "../look/html.ts";
import { live } from "../look/live.ts";
import { readForm, readId, reasonText } from "../requests/input.ts";
import type { Done, PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";
import { campaignRules } from "./campaign-rules.ts";
import { campaignTable, stateText } from "./campaign-table.ts";
import { pauseForms } from "./pause-forms.ts";
import { reasonTable } from "./reason-table.ts";

/** All campaigns, and each by itself. */
export function routeCampaigns(app: Hono, requests: PersonRequests): void {
  app.get("/campanhas", requests.reading(all));
  app.get("/campanhas/:id", requests.reading(one));
  app.post("/campanhas/:id/pausar", requests.acting(stop));
  app.post("/campanhas/:id/retomar", requests.acting(go));
}

async function all({ db, words }: PersonRequest): Promise<PageContent> {
  const { texts } = words;
  const lanes = await listCampaigns(db);
  const body =
    lanes.length === 0 ? html`<p class="empty">${texts.campaigns.empty}</p>` : campaignTable(lanes, words);
  return { title: texts.campaigns.title, body: live("campaigns", "/campanhas", body) };
}

async function one({ context, db, person, words }: PersonRequest): Promise<PageContent> {
  const { texts } = words;
  const id = readId(context);
  const lanes = await listCampaigns(db, id);
  const rules = await readCampaignRules(db, id);
  if (lanes.length === 0 && rules.length === 0)
    return {
      title: texts.campaign(id),
      body: html`<p class="empty">${texts.campaigns.nothing}</p>`,
      status: 404,
    };
  const slices = await listSentLately(db, id);
  const reasons = await listReasons(db, { campaign: id });
  const pauses = await listPauses(db, person);
  const name = rules[0]?.name;
  const watched = html`<p class="lead">${lanes.map((lane) => stateText(lane, words)).join(" · ")}</p>
    ${totals(id, lanes, words)}
    <section>
      <h2>${texts.home.sentLately} <small>${texts.home.sentLatelyHint}</small></h2>
      ${barChart(slices, texts.home.sentLately, words)}
    </section>
    ${lanes.length > 1 ? campaignTable(lanes, words) : ""}
    <section>
      <h2>${texts.campaigns.reasons}</h2>
      ${reasonTable(reasons, `campanha=${id}`, words)}
    </section>`;
  const scope = `campaign:${id}`;
  const body = html`${live("campaign", `/campanhas/${id}`, watched)}
  ${pauseForms(
    {
      action: `/campanhas/${id}`,
      pause: pauses.find((paused) => paused.scope === scope) ?? null,
      held: lanes.reduce((sum, { held }) => sum + held, 0),
      labels: texts.campaigns,
      mayPause: person.rights.operator || person.rights.marketing,
    },
    person,
    words,
  )}
  ${campaignRules(rules, words)}`;
  return { title: name === undefined ? texts.campaign(id) : `${name} · ${texts.campaign(id)}`, body };
}

function totals(id: string, lanes: readonly LaneCounts[], words: Words): Html {
  const { counts } = words.texts;
  const sum = (of: (lane: LaneCounts) => number | null): number =>
    lanes.reduce((total, lane) => total + (of(lane) ?? 0), 0);
  const to = (status: string): string => `/mensagens?campanha=${id}&situacao=${status}`;
  return figures(
    [
      { name: counts.pending, value: sum(({ pending }) => pending), to: to("pending") },
      { name: counts.due, value: sum(({ due }) => due), to: to("pending") },
      { name: counts.held, value: sum(({ held }) => held), tone: "warn", to: to("pending") },
      { name: counts.sending, value: sum(({ sending }) => sending), to: to("sending") },
      {
        name: counts.sent,
        value: sum(({ sent }) => sent),
        isEstimate: lanes.some(({ sentIsEstimate }) => sentIsEstimate),
        tone: "good",
        to: to("sent"),
      },
      { name: counts.failed, value: sum(({ failed }) => failed), tone: "bad", to: to("failed") },
      {
        name: counts.unknown,
        value: sum(({ unknown }) => unknown),
        tone: "warn",
        to: `/desconhecidos?campanha=${id}`,
      },
      { name: counts.expired, value: sum(({ expired }) => expired), to: to("expired") },
      { name: counts.cancelled, value: sum(({ cancelled }) => cancelled), to: to("cancelled") },
    ],
    words,
  );
}

async function stop({ context, db, words }: PersonRequest): Promise<Done> {
  const id = readId(context);
  const { motivo } = await readForm(context, z.object({ motivo: reasonText }));
  await pause(db, `campaign:${id}`, motivo);
  return { kind: "went", to: `/campanhas/${id}`, said: words.texts.done.paused(words.texts.campaign(id)) };
}

async function go({ context, db, words }: PersonRequest): Promise<Done> {
  const id = readId(context);
  await resume(db, `campaign:${id}`);
  return { kind: "went", to: `/campanhas/${id}`, said: words.texts.done.resumed(words.texts.campaign(id)) };
}
