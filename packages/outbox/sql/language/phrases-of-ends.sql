-- What talkme.explain makes of a row that is on the wire or has ended: a key is reason. and the code that talkme.reasons returns.
create or replace function talkme.phrases_of_ends() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "reason.on_wire": {
    "en": "Row {id} is in flight on instance {instance} since {since:time}.",
    "pt-BR": "A linha {id} está em envio (sending) pela instância {instance} desde {since:time}."
  },
  "reason.answer_awaited": {
    "en": "Its answer comes within the time-out of a request.",
    "pt-BR": "A resposta chega dentro do tempo limite de uma requisição."
  },
  "reason.instance_gone": {
    "en": "That instance is gone: the row is rescued within seconds while any syncd runs.",
    "pt-BR": "Essa instância não existe mais: a linha é recuperada em segundos, se houver algum syncd no ar."
  },
  "reason.instance_gone_before_change": {
    "en": "That instance is gone.",
    "pt-BR": "Essa instância não existe mais."
  },
  "reason.instance_silent": {
    "en": "That instance was last heard of at {since:time}, longer ago than its lease of {lease_seconds} s: it is dead, and the row is rescued while any other syncd runs.",
    "pt-BR": "O último sinal de vida dessa instância foi em {since:time}, há mais do que o prazo (lease) de {lease_seconds} s: ela caiu, e a linha é recuperada se houver outro syncd no ar."
  },
  "reason.sent": {
    "en": "Row {id} was sent at {at:time}: Talk.me accepted it[, with reference {reference}]. Accepted is not delivered.",
    "pt-BR": "A linha {id} foi enviada em {at:time}: o Talk.me aceitou[, com a referência {reference}]. Aceita não quer dizer entregue."
  },
  "reason.declared_sent": {
    "en": "Row {id} was declared sent at {at:time} by {by}[ ({reason})].",
    "pt-BR": "A linha {id} foi dada como enviada (sent) em {at:time} por {by}[ ({reason})]."
  },
  "reason.may_have_been_sent": {
    "en": "Row {id} may have been sent[ (attempt {attempts}, {since:time})].[ {why}.] Look for it in Talk.me, then say what you found: talkme.resolve({id}, 'sent') or 'failed', or 'resend' to send it again, which messages the person twice if you are wrong.",
    "pt-BR": "Não sabemos se a linha {id} foi enviada[ (tentativa {attempts}, {since:time})].[ {why}.] Procure a mensagem no Talk.me e diga o que achou: talkme.resolve({id}, 'sent') ou 'failed', ou 'resend' para enviar de novo; se você errar, a pessoa recebe duas vezes."
  },
  "reason.failed": {
    "en": "Row {id} failed at {at:time} after {attempts} {attempts|attempt|attempts}.[ {why}.] Correct what was wrong, then talkme.retry({id}) sends it after all.",
    "pt-BR": "A linha {id} falhou em {at:time}, depois de {attempts} {attempts|tentativa|tentativas}.[ {why}.] Corrija o que estava errado; depois, talkme.retry({id}) a envia mesmo assim."
  },
  "reason.declared_failed": {
    "en": "Row {id} was declared failed at {at:time} by {by}[ ({reason})]; before, it was unknown.[ {why}.] Correct what was wrong, then talkme.retry({id}) sends it after all.",
    "pt-BR": "A linha {id}, que estava como unknown, foi dada como falha (failed) em {at:time} por {by}[ ({reason})].[ {why}.] Corrija o que estava errado; depois, talkme.retry({id}) a envia mesmo assim."
  },
  "reason.expired": {
    "en": "Row {id} expired at {at:time}: it was not sent[ before {expires_at:time}]. talkme.retry({id}, expires_at => now() + interval '2 hours') sends it after all.",
    "pt-BR": "A linha {id} venceu em {at:time}: não foi enviada[ até {expires_at:time}]. Para enviar mesmo assim: talkme.retry({id}, expires_at => now() + interval '2 hours')."
  },
  "reason.cancelled": {
    "en": "Row {id} was cancelled at {at:time}[ by {by}][ ({reason})]. talkme.retry({id}) brings it back.",
    "pt-BR": "A linha {id} foi cancelada em {at:time}[ por {by}][ ({reason})]. talkme.retry({id}) a traz de volta."
  },
  "reason.cancelled_suppressed": {
    "en": "Row {id} was cancelled at {at:time}, because its recipient is suppressed by {by} since {since:time} ({reason}). talkme.unsuppress ends that; then talkme.retry({id}) sends it after all.",
    "pt-BR": "A linha {id} foi cancelada em {at:time}: o destinatário está na lista de supressão desde {since:time}, por {by} ({reason}). talkme.unsuppress o tira de lá; depois, talkme.retry({id}) a envia mesmo assim."
  },
  "reason.cancelled_unsuppressed": {
    "en": "Row {id} was cancelled at {at:time}, because its recipient is suppressed (no longer: it may be tried again). talkme.unsuppress ends that; then talkme.retry({id}) sends it after all.",
    "pt-BR": "A linha {id} foi cancelada em {at:time}, porque o destinatário estava na lista de supressão. Já não está: talkme.retry({id}) a envia mesmo assim."
  },
  "reason.cancelled_forgotten": {
    "en": "Row {id} was cancelled at {at:time}, because its recipient was forgotten (talkme.forget).",
    "pt-BR": "A linha {id} foi cancelada em {at:time}: os dados do destinatário foram apagados (talkme.forget)."
  },
  "reason.blanked": {
    "en": "Its personal data was removed at {at:time}, so it cannot be sent again.",
    "pt-BR": "Os dados pessoais foram apagados em {at:time}; por isso ela não pode ser enviada de novo."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_ends() is 'What talkme.say says of a row that is on the wire or has ended';

grant execute on function talkme.phrases_of_ends() to public;
