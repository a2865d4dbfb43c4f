import type { Language } from "./languages.ts";

type Both = Readonly<Record<Language, string>>;

/** What people do, as `talkme.audit` and `talkme.history` name it. */
const actions: Readonly<Record<string, Both>> = {
  inserted: { "pt-BR": "entrou na fila", en: "came in" },
  cancel: { "pt-BR": "cancelou", en: "cancelled" },
  cancel_where: { "pt-BR": "cancelou várias", en: "cancelled many" },
  retry: { "pt-BR": "mandou de novo", en: "sent again" },
  retry_where: { "pt-BR": "mandou várias de novo", en: "sent many again" },
  resolve: { "pt-BR": "decidiu", en: "decided" },
  resolve_where: { "pt-BR": "decidiu sobre várias", en: "decided about many" },
  pause: { "pt-BR": "pausou", en: "paused" },
  resume: { "pt-BR": "retomou", en: "resumed" },
  suppress: { "pt-BR": "bloqueou uma pessoa", en: "suppressed a person" },
  unsuppress: { "pt-BR": "desbloqueou uma pessoa", en: "took back a suppression" },
  forget: { "pt-BR": "apagou os dados de uma pessoa", en: "erased a person's data" },
  reveal: { "pt-BR": "viu os dados pessoais", en: "looked at personal data" },
  grant_campaign: { "pt-BR": "deu acesso a uma campanha", en: "granted a campaign" },
  revoke_campaign: { "pt-BR": "tirou o acesso a uma campanha", en: "revoked a campaign" },
  "is due": { "pt-BR": "pode sair", en: "is due" },
  "personal data removed": { "pt-BR": "dados pessoais apagados", en: "personal data removed" },
};

/** An action in words; one that is new here is shown as it is. */
export function actionText(action: string, language: Language): string {
  return actions[action]?.[language] ?? action;
}
