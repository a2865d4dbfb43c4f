-- Refusals of settings, of edits that would send twice, and of rows that contradict themselves. A key is a rule's name.
create or replace function talkme.phrases_of_settings() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "account_name": {
    "en": "{account:literal} cannot be the name of an account",
    "pt-BR": "{account:literal} não pode ser o nome de uma conta"
  },
  "account_name.hint": {
    "en": "A name has up to 63 small letters, digits, - and _.",
    "pt-BR": "O nome tem até 63 letras minúsculas, algarismos, - e _."
  },
  "account_recipient_gap_positive": {
    "en": "{recipient_gap:span} is not a valid recipient_gap",
    "pt-BR": "{recipient_gap:span} não é um recipient_gap válido"
  },
  "account_recipient_gap_positive.hint": {
    "en": "Above 0 and up to 10 years, such as '1 day'; null for no gap.",
    "pt-BR": "Mais de 0 e até 10 anos, como '1 day'; null para nenhum intervalo."
  },
  "account_retention_positive": {
    "en": "{retention:span} is not a valid retention",
    "pt-BR": "{retention:span} não é uma retention válida"
  },
  "account_retention_positive.hint": {
    "en": "From 0 (at once) to 1000 years, such as '90 days'; null for ever.",
    "pt-BR": "De 0 (na hora) a 1000 anos, como '90 days'; null para sempre."
  },
  "account_delete_after_retention": {
    "en": "delete_after {delete_after:span} does not fit retention[ {retention:span}][ {none}]",
    "pt-BR": "delete_after {delete_after:span} não combina com retention[ {retention:span}][ {none}]"
  },
  "account_delete_after_retention.hint": {
    "en": "Data are removed first, the row later: give the same or more than retention, up to 1000 years; null for never.",
    "pt-BR": "Primeiro saem os dados, depois a linha: informe o mesmo que retention ou mais, até 1000 anos; null para nunca."
  },
  "campaign_account_name": {
    "en": "{account:literal} cannot be the name of an account",
    "pt-BR": "{account:literal} não pode ser o nome de uma conta"
  },
  "campaign_account_name.hint": {
    "en": "A name has up to 63 small letters, digits, - and _. Leave account out for the account 'default'.",
    "pt-BR": "O nome tem até 63 letras minúsculas, algarismos, - e _. Sem account, vale a conta 'default'."
  },
  "campaign_id_campanha_range": {
    "en": "{id_campanha} cannot be the number of a campaign",
    "pt-BR": "{id_campanha} não pode ser o número de uma campanha"
  },
  "campaign_id_campanha_range.hint": {
    "en": "Take it from Talk.me: a whole number from 1 to 9007199254740991.",
    "pt-BR": "Copie do Talk.me: um número inteiro de 1 a 9007199254740991."
  },
  "campaign_required_variables_known": {
    "en": "no message has the variable {unknown}",
    "pt-BR": "nenhuma mensagem tem a variável {unknown}"
  },
  "campaign_required_variables_known.hint": {
    "en": "There are {known}. PRIMEIRO_NOME, which the platform derives, needs nome.",
    "pt-BR": "Existem {known}. PRIMEIRO_NOME, que a plataforma calcula, precisa de nome."
  },
  "campaign_rate_range": {
    "en": "{rate_per_second} messages a second is not a valid rate",
    "pt-BR": "{rate_per_second} mensagens por segundo não é um limite válido"
  },
  "campaign_rate_range.hint": {
    "en": "Above 0 and up to 100000; null for the configured rate. To stop a campaign: active = false, or talkme.pause.",
    "pt-BR": "Mais de 0 e até 100000; null para o que está configurado. Para parar uma campanha: active = false, ou talkme.pause."
  },
  "campaign_recipient_gap_positive": {
    "en": "{recipient_gap:span} is not a valid recipient_gap",
    "pt-BR": "{recipient_gap:span} não é um recipient_gap válido"
  },
  "campaign_recipient_gap_positive.hint": {
    "en": "From 0 (no gap) to 10 years, such as '1 day'; null for the account's.",
    "pt-BR": "De 0 (nenhum) a 10 anos, como '1 day'; null para o da conta."
  },
  "campaign_retention_positive": {
    "en": "{retention:span} is not a valid retention",
    "pt-BR": "{retention:span} não é uma retention válida"
  },
  "campaign_retention_positive.hint": {
    "en": "From 0 (at once) to 1000 years, such as '90 days'; null for the account's.",
    "pt-BR": "De 0 (na hora) a 1000 anos, como '90 days'; null para a da conta."
  },
  "campaign_delete_after_retention": {
    "en": "delete_after {delete_after:span} does not fit retention[ {retention:span}][ {none}]",
    "pt-BR": "delete_after {delete_after:span} não combina com retention[ {retention:span}][ {none}]"
  },
  "campaign_delete_after_retention.hint": {
    "en": "Data are removed first, the row later: give the same or more than retention, up to 1000 years; null for the account's.",
    "pt-BR": "Primeiro saem os dados, depois a linha: informe o mesmo que retention ou mais, até 1000 anos; null para o da conta."
  },
  "campaign_duplicate_window_positive": {
    "en": "{duplicate_window:span} is not a valid duplicate_window",
    "pt-BR": "{duplicate_window:span} não é uma duplicate_window válida"
  },
  "campaign_duplicate_window_positive.hint": {
    "en": "Above 0 and up to 10 years, such as '1 day'; null for no accident.",
    "pt-BR": "Mais de 0 e até 10 anos, como '1 day'; null para não verificar."
  },
  "campaign_on_duplicate_known": {
    "en": "on_duplicate cannot be {on_duplicate:literal}",
    "pt-BR": "on_duplicate não pode ser {on_duplicate:literal}"
  },
  "campaign_on_duplicate_known.hint": {
    "en": "refuse fails the insert, hold lets the row wait for talkme.resume.",
    "pt-BR": "refuse faz o insert falhar; hold deixa a linha retida até talkme.resume."
  },
  "campaign_burst_limit_positive": {
    "en": "{burst_limit} rows is not a valid burst_limit",
    "pt-BR": "{burst_limit} linhas não é um burst_limit válido"
  },
  "campaign_burst_limit_positive.hint": {
    "en": "Above 0: an insert of more rows than this waits for talkme.resume; null for any number.",
    "pt-BR": "Mais de 0: um insert com mais linhas do que isso espera por talkme.resume; null para qualquer número."
  },
  "holiday_state_known": {
    "en": "{state:literal} is not a state",
    "pt-BR": "{state:literal} não é uma UF"
  },
  "holiday_state_known.hint": {
    "en": "Two capital letters, such as 'SP'; '*' for the whole country.",
    "pt-BR": "Duas letras maiúsculas, como 'SP'; '*' para o país inteiro."
  },
  "sending_window": {
    "en": "{part:literal} is not a valid sending window",
    "pt-BR": "{part:literal} não é uma janela de envio válida"
  },
  "sending_window.hint": {
    "en": "Write weekdays and hours, such as 'mon-fri 9:00-19:00, sat 9:00-13:00'; a window ends on the day on which it begins, at 24:00 at the latest.",
    "pt-BR": "Escreva dias e horas, como 'seg-sex 9:00-19:00, sab 9:00-13:00'; a janela acaba no dia em que começa, no máximo às 24:00."
  },
  "outbox_id_stays": {
    "en": "row {was_id} would become row {id}",
    "pt-BR": "a linha {was_id} passaria a ser a linha {id}"
  },
  "by_hand": {
    "en": "row {was_id} is {was_status} and cannot be made {status} by hand",
    "pt-BR": "a linha {was_id} está como {was_status} e não pode passar a {status} à mão"
  },
  "outbox_recipient_at_claim": {
    "en": "row {was_id} was to be claimed, and a trigger changed {changed}",
    "pt-BR": "a linha {was_id} ia sair, e um gatilho mudou {changed}"
  },
  "outbox_message_unchanged": {
    "en": "row {was_id} is {was_status}: its message and its claim cannot be changed any more ({changed})",
    "pt-BR": "a linha {was_id} está como {was_status}: a mensagem e o envio não podem mais ser mudados ({changed})"
  },
  "just_made": {
    "en": "row {was_id} is {was_status}: what has just made it so cannot make it {status}",
    "pt-BR": "a linha {was_id} está como {was_status}: quem acabou de deixá-la assim não pode passá-la a {status}"
  },
  "edit.sending": {
    "en": "Wait for its answer, a matter of seconds; talkme.explain says what becomes of it.",
    "pt-BR": "Espere a resposta, é questão de segundos; talkme.explain diz o que acontece com ela."
  },
  "edit.unknown": {
    "en": "Look for it in Talk.me, then call talkme.resolve with sent, failed, or resend, which sends it again.",
    "pt-BR": "Procure a mensagem no Talk.me e chame talkme.resolve com sent, failed ou resend, que a envia de novo."
  },
  "edit.sent": {
    "en": "What Talk.me has accepted is not sent again: insert a new row. talkme.forget erases a person.",
    "pt-BR": "O que o Talk.me aceitou não é enviado de novo: insira uma linha nova. talkme.forget apaga os dados de uma pessoa."
  },
  "edit.other": {
    "en": "talkme.retry makes it pending again.",
    "pt-BR": "talkme.retry a põe de volta na fila."
  },
  "edit.trigger": {
    "en": "If this comes from a trigger of yours, leave such rows out of it.",
    "pt-BR": "Se isso vem de um gatilho seu, deixe linhas assim fora dele."
  },
  "recipient_changed": {
    "en": "row {id} is {status}, and a trigger changed its recipient, account, campaign or channel",
    "pt-BR": "a linha {id} está como {status}, e um gatilho mudou o destinatário, a conta, a campanha ou o canal"
  },
  "recipient_changed.hint": {
    "en": "What was judged is what is sent. Change the row while it is pending, or at its insert; if this comes from a trigger of yours, leave such rows out of it.",
    "pt-BR": "O que foi avaliado é o que é enviado. Mude a linha enquanto está na fila (pending), ou no insert; se isso vem de um gatilho seu, deixe linhas assim fora dele."
  },
  "outbox_status_known": {
    "en": "{status:literal} is not a status",
    "pt-BR": "{status:literal} não é um status"
  },
  "outbox_status_known.hint": {
    "en": "A row is pending, sending, sent, failed, unknown, expired or cancelled. talkme.cancel, talkme.retry and talkme.resolve change it.",
    "pt-BR": "Uma linha é pending, sending, sent, failed, unknown, expired ou cancelled. Quem muda isso são talkme.cancel, talkme.retry e talkme.resolve."
  },
  "outbox_sending_has_claim": {
    "en": "a row cannot be sending without claimed_by and claimed_at",
    "pt-BR": "uma linha não pode estar em sending sem claimed_by e claimed_at"
  },
  "outbox_sending_has_claim.hint": {
    "en": "Leave it pending: syncd claims it, and writes all three.",
    "pt-BR": "Deixe como pending: o syncd a pega e escreve os três."
  },
  "outbox_retry_at_finite": {
    "en": "retry_at cannot be {retry_at}",
    "pt-BR": "retry_at não pode ser {retry_at}"
  },
  "outbox_retry_at_finite.hint": {
    "en": "Write a time, or null for a row that need not wait. talkme.cancel keeps a row from being sent, talkme.pause a whole campaign.",
    "pt-BR": "Escreva uma data, ou null se a linha não precisa esperar. talkme.cancel impede o envio de uma linha, talkme.pause o de uma campanha inteira."
  },
  "outbox_claim_settled": {
    "en": "row {id} cannot be {status} with the claim {claim}",
    "pt-BR": "a linha {id} não pode ser {status} com o claim {claim}"
  },
  "outbox_claim_settled.hint": {
    "en": "talkme.cancel, talkme.retry and talkme.resolve settle a claim, or take it off; the answer does, too.",
    "pt-BR": "Quem encerra ou tira um claim são talkme.cancel, talkme.retry e talkme.resolve; a resposta também."
  },
  "outbox_finished_has_time": {
    "en": "a row cannot be {status} {finished:word} finished_at",
    "pt-BR": "uma linha não pode ser {status} {finished:word} finished_at"
  },
  "finished.with": {
    "en": "with",
    "pt-BR": "com"
  },
  "finished.without": {
    "en": "without",
    "pt-BR": "sem"
  },
  "outbox_finished_has_time.hint": {
    "en": "A row that is sent, failed, expired or cancelled has finished_at, others have none. talkme.retry, talkme.cancel and talkme.resolve write both.",
    "pt-BR": "Uma linha sent, failed, expired ou cancelled tem finished_at; as outras, não. talkme.retry, talkme.cancel e talkme.resolve escrevem os dois."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_settings() is 'What talkme.say says of settings and of edits by hand';

grant execute on function talkme.phrases_of_settings() to public;
