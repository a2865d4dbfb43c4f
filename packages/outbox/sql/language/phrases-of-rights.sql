-- What the functions say about who may see or do what.
create or replace function talkme.phrases_of_rights() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "resume_own.other": {
    "en": "{scope} was paused by {who}",
    "pt-BR": "quem pausou {scope} foi {who}"
  },
  "resume_own.none": {
    "en": "{scope} is not paused; what else holds it, an operator lets go",
    "pt-BR": "{scope} não está em pausa; o que mais a segura, um operador libera"
  },
  "resume_own.hint": {
    "en": "A member of talkme_marketing ends its own pauses only. Ask a member of talkme_operator.",
    "pt-BR": "Quem é de talkme_marketing só encerra as próprias pausas. Peça a alguém de talkme_operator."
  },
  "reveal_reason": {
    "en": "a look at personal data needs a reason",
    "pt-BR": "para ver dados pessoais é preciso um motivo"
  },
  "reveal_reason.hint": {
    "en": "It is kept in talkme.audit: talkme.reveal(42, 'the person called, ticket 815').",
    "pt-BR": "Ele fica em talkme.audit: talkme.reveal(42, 'a pessoa ligou, chamado 815')."
  },
  "grant_campaign.no_role": {
    "en": "the role {who} does not exist",
    "pt-BR": "não existe o papel {who}"
  },
  "grant_campaign.no_role.hint": {
    "en": "Give a person, or a team that persons are members of: create role ana in role talkme_marketing.",
    "pt-BR": "Informe uma pessoa, ou uma equipe da qual pessoas fazem parte: create role ana in role talkme_marketing."
  },
  "said.campaign_granted": {
    "en": "{who} may watch, pause and bring lists for campaign {id_campanha}, as a member of talkme_marketing.",
    "pt-BR": "{who} pode acompanhar, pausar e trazer listas para a campanha {id_campanha}, como membro de talkme_marketing."
  },
  "said.campaign_revoked": {
    "en": "Campaign {id_campanha} is no longer granted to {who}. What was brought in stays.",
    "pt-BR": "A campanha {id_campanha} não é mais de {who}. O que já entrou fica."
  },
  "said.campaign_not_granted": {
    "en": "Campaign {id_campanha} was not granted to {who}.",
    "pt-BR": "A campanha {id_campanha} não era de {who}."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_rights() is 'What talkme.say says of who may see or do what';

grant execute on function talkme.phrases_of_rights() to public;
