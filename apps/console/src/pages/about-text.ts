import { statuses } from "@talkme/outbox";
import { verdicts, type AuditEntry } from "@talkme/outbox/console";

import { reasonText } from "../language/reasons.ts";
import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { scopeText } from "../look/scope-text.ts";

/** What an entry of the audit is about, in words. A message leads to its page; the hash of a person says nothing to a reader. */
export function aboutText(about: AuditEntry["about"], words: Words): Html | string {
  const { id, ...others } = about;
  const rest = Object.entries(others).flatMap(([name, value]) => partText(name, String(value), words));
  if (typeof id !== "number") return rest.length === 0 ? words.texts.counts.none : rest.join(", ");
  return html`<a href="/mensagens/${id}">${words.texts.message.title(String(id))}</a
    >${rest.map((part) => `, ${part}`)}`;
}

function partText(name: string, value: string, { texts, language }: Words): readonly string[] {
  switch (name) {
    case "scope":
      return [scopeText(value, texts)];
    case "id_campanha":
      return [texts.campaign(value)];
    case "id_wpp":
      return [texts.channel(value)];
    case "batch_id":
      return [texts.batch(value)];
    case "account":
      return [texts.account(value)];
    case "error_code":
      return [reasonText(value, language)];
    case "status":
      return statuses.flatMap((status) => (status === value ? [texts.status[status]] : []));
    case "as":
      return verdicts.flatMap((verdict) => (verdict === value ? [texts.unknown.verdict[verdict]] : []));
    case "who":
      return [value];
    case "recipient":
      return [];
    default:
      return [`${name} ${value}`];
  }
}
