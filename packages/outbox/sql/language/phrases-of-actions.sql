-- What the functions say that act on rows: what they did, and why they do not. KEY.hint says what to do.
create or replace function talkme.phrases_of_actions() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "said.cancelled": {
    "en": "Row {id} is cancelled.",
    "pt-BR": "A linha {id} está cancelada."
  },
  "said.pending": {
    "en": "Row {id} is pending.",
    "pt-BR": "A linha {id} voltou para a fila (pending)."
  },
  "said.held": {
    "en": "Row {id} is pending, and held as it was before it was cancelled. talkme.resume('campaign:{id_campanha}') lets it go.",
    "pt-BR": "A linha {id} voltou para a fila, retida como estava antes do cancelamento. talkme.resume('campaign:{id_campanha}') libera."
  },
  "said.held_by_person": {
    "en": "Row {id} is pending, and held as it was before it was cancelled. talkme.resume_where lets it go.",
    "pt-BR": "A linha {id} voltou para a fila, retida como estava antes do cancelamento. talkme.resume_where libera."
  },
  "said.perhaps_twice": {
    "en": "Row {id} is pending. An earlier attempt of it may have been sent: then the person gets it twice.",
    "pt-BR": "A linha {id} voltou para a fila. Uma tentativa anterior pode ter sido enviada: nesse caso a pessoa recebe duas vezes."
  },
  "said.resolved": {
    "en": "Row {id} is {status}.",
    "pt-BR": "A linha {id} agora está como {status}."
  },
  "outbox_row_exists": {
    "en": "there is no row {id}",
    "pt-BR": "não existe a linha {id}"
  },
  "outbox_row_exists.null": {
    "en": "the id is null",
    "pt-BR": "o id é null"
  },
  "outbox_row_exists.hint": {
    "en": "Take the id that the insert returned. A row that somebody else has inserted, or you by an earlier name of your role, looks the same, unless you may see all rows.",
    "pt-BR": "Use o id que o insert devolveu. Para quem não pode ver todas as linhas, uma linha que outra pessoa inseriu, ou você com um nome antigo do seu papel, também parece não existir."
  },
  "refused.pending": {
    "en": "row {id} cannot be {doing:word}: it is pending, and waits to be sent",
    "pt-BR": "a linha {id} não pode {doing:word}: está na fila (pending), à espera do envio"
  },
  "refused.pending.hint": {
    "en": "talkme.explain({id}) says what it waits for; talkme.cancel({id}) stops it.",
    "pt-BR": "talkme.explain({id}) diz o que ela espera; talkme.cancel({id}) a cancela."
  },
  "refused.sending": {
    "en": "row {id} cannot be {doing:word}: it is sending, on the wire with {instance} since {since:time}",
    "pt-BR": "a linha {id} não pode {doing:word}: está em envio (sending) na instância {instance} desde {since:time}"
  },
  "refused.sending.hint": {
    "en": "Wait for its answer, a matter of seconds. talkme.explain({id}) says what becomes of it.",
    "pt-BR": "Espere a resposta, é questão de segundos. talkme.explain({id}) diz o que acontece com ela."
  },
  "refused.unknown": {
    "en": "row {id} cannot be {doing:word}: it is unknown: it may have been sent",
    "pt-BR": "a linha {id} não pode {doing:word}: está como unknown, não sabemos se foi enviada"
  },
  "refused.unknown.hint": {
    "en": "Look for it in Talk.me, then say what you found: talkme.resolve({id}, 'sent') or 'failed', or 'resend' to send it again.",
    "pt-BR": "Procure a mensagem no Talk.me e diga o que achou: talkme.resolve({id}, 'sent') ou 'failed', ou 'resend' para enviar de novo."
  },
  "refused.ended": {
    "en": "row {id} cannot be {doing:word}: it is {status} since {since:time}",
    "pt-BR": "a linha {id} não pode {doing:word}: está como {status} desde {since:time}"
  },
  "refused.sent.hint": {
    "en": "What Talk.me has accepted cannot be called back. To send it once more, insert it again.",
    "pt-BR": "O que o Talk.me aceitou não tem volta. Para enviar mais uma vez, insira de novo."
  },
  "refused.expired.hint": {
    "en": "It is not going to be sent. talkme.retry({id}, expires_at => now() + interval '2 hours') has it sent after all.",
    "pt-BR": "Ela não vai ser enviada. Para enviar mesmo assim: talkme.retry({id}, expires_at => now() + interval '2 hours')."
  },
  "refused.ended.hint": {
    "en": "It is not going to be sent. talkme.retry({id}) has it sent after all.",
    "pt-BR": "Ela não vai ser enviada. Para enviar mesmo assim: talkme.retry({id})."
  },
  "refused.blanked.hint": {
    "en": "It is not going to be sent, and cannot be: its personal data was removed.",
    "pt-BR": "Ela não vai ser enviada, nem pode: os dados pessoais foram apagados."
  },
  "doing.cancelled": {
    "en": "cancelled",
    "pt-BR": "ser cancelada"
  },
  "doing.resolved": {
    "en": "resolved",
    "pt-BR": "ser resolvida"
  },
  "doing.retried": {
    "en": "tried again",
    "pt-BR": "ser tentada de novo"
  },
  "doing.resent": {
    "en": "sent again",
    "pt-BR": "ser enviada de novo"
  },
  "outbox_resend_has_data": {
    "en": "row {id} cannot be {doing:word}: its personal data was removed",
    "pt-BR": "a linha {id} não pode {doing:word}: os dados pessoais foram apagados"
  },
  "outbox_resend_has_data.hint": {
    "en": "To write to the person again, insert a new row.",
    "pt-BR": "Para escrever de novo à pessoa, insira uma linha nova."
  },
  "outbox_resend_expires_later": {
    "en": "row {id} cannot be {doing:word}: its expires_at has passed",
    "pt-BR": "a linha {id} não pode {doing:word}: já passou do expires_at"
  },
  "outbox_resend_expires_later.hint": {
    "en": "Give a later one: talkme.retry({id}, expires_at => now() + interval '2 hours'), or 'infinity' for none.",
    "pt-BR": "Informe outro, mais tarde: talkme.retry({id}, expires_at => now() + interval '2 hours'), ou 'infinity' para não vencer."
  },
  "outbox_resend_expires_later.unknown.hint": {
    "en": "Resolve it as failed, then call talkme.retry({id}, expires_at => now() + interval '2 hours').",
    "pt-BR": "Resolva como failed e depois chame talkme.retry({id}, expires_at => now() + interval '2 hours')."
  },
  "outbox_resend_not_suppressed": {
    "en": "row {id} cannot be {doing:word}: its recipient is suppressed",
    "pt-BR": "a linha {id} não pode {doing:word}: o destinatário está na lista de supressão"
  },
  "outbox_resend_not_suppressed.hint": {
    "en": "talkme.suppression says why. If the person may be written to again: talkme.unsuppress, then this again.",
    "pt-BR": "O motivo está em talkme.suppression. Se já se pode escrever à pessoa: talkme.unsuppress, e depois isto de novo."
  },
  "outbox_resolve_verdict": {
    "en": "a row cannot be resolved as {verdict}",
    "pt-BR": "uma linha não pode ser resolvida como {verdict}"
  },
  "outbox_resolve_verdict.hint": {
    "en": "Write sent (you found it in Talk.me), failed (it is not there, and shall not be sent) or resend (it is not there, and shall be sent again).",
    "pt-BR": "Escreva sent (você achou no Talk.me), failed (não está lá, e não é para enviar) ou resend (não está lá, e é para enviar de novo)."
  },
  "outbox_filter_given": {
    "en": "no filter is given",
    "pt-BR": "não foi informado nenhum filtro"
  },
  "outbox_filter_given.hint": {
    "en": "Give at least one of ids, batch_id, numero_dest, dedupe_key, metadata, status, error_code, account, id_campanha, id_wpp, since and until.",
    "pt-BR": "Informe ao menos um destes: ids, batch_id, numero_dest, dedupe_key, metadata, status, error_code, account, id_campanha, id_wpp, since e until."
  },
  "outbox_filter_status": {
    "en": "nothing can be done here with rows whose status is {status:literal}",
    "pt-BR": "aqui não há o que fazer com linhas de status {status:literal}"
  },
  "outbox_filter_status.hint": {
    "en": "The status can be {allowed}.",
    "pt-BR": "O status pode ser {allowed}."
  },
  "touched.left": {
    "en": "left: {obstacle:word}",
    "pt-BR": "ficou como estava: {obstacle:word}"
  },
  "touched.would": {
    "en": "would be {done:word}: add go => true",
    "pt-BR": "seria {done:word}: acrescente go => true"
  },
  "done.cancelled": {
    "en": "cancelled",
    "pt-BR": "cancelada"
  },
  "done.pending": {
    "en": "made pending",
    "pt-BR": "posta na fila (pending)"
  },
  "done.sent": {
    "en": "made sent",
    "pt-BR": "marcada como sent"
  },
  "done.failed": {
    "en": "made failed",
    "pt-BR": "marcada como failed"
  },
  "done.held": {
    "en": "held",
    "pt-BR": "retida"
  },
  "done.released": {
    "en": "released",
    "pt-BR": "liberada"
  },
  "done.corrected": {
    "en": "corrected",
    "pt-BR": "corrigida"
  },
  "done.postponed": {
    "en": "postponed",
    "pt-BR": "remarcada"
  },
  "outbox_changes_given": {
    "en": "no changes are given",
    "pt-BR": "não foi informada nenhuma alteração"
  },
  "outbox_changes_given.hint": {
    "en": "Write an object of columns and values, such as {\"id_campanha\": 123457}. The columns: {columns}.",
    "pt-BR": "Escreva um objeto de colunas e valores, como {\"id_campanha\": 123457}. As colunas: {columns}."
  },
  "outbox_changes_columns": {
    "en": "the changes name what cannot be corrected: {wrong}",
    "pt-BR": "as alterações citam o que não se corrige: {wrong}"
  },
  "outbox_changes_columns.hint": {
    "en": "The columns that can be corrected: {columns}.",
    "pt-BR": "As colunas que podem ser corrigidas: {columns}."
  },
  "outbox_changes_null": {
    "en": "the changes take away what every message has: {wrong}",
    "pt-BR": "as alterações tiram o que toda mensagem tem: {wrong}"
  },
  "outbox_changes_null.hint": {
    "en": "Give it a value, or leave it out to keep it as it is.",
    "pt-BR": "Informe um valor, ou deixe de fora para ficar como está."
  },
  "outbox_changes_fit": {
    "en": "a value of the changes does not fit its column: {why}",
    "pt-BR": "um valor das alterações não cabe na coluna: {why}"
  },
  "outbox_changes_fit.hint": {
    "en": "Write values as you would insert them: talkme.correct_where('{\"id_campanha\": 123457}', ...).",
    "pt-BR": "Escreva os valores como num insert: talkme.correct_where('{\"id_campanha\": 123457}', ...)."
  },
  "outbox_changes_recipient": {
    "en": "the messages of {people} recipients would all go to one",
    "pt-BR": "as mensagens de {people} destinatários iriam todas para um só"
  },
  "outbox_changes_recipient.hint": {
    "en": "Correct one recipient at a time: give ids, or the wrong numero_dest, too.",
    "pt-BR": "Corrija um destinatário por vez: informe também ids, ou o numero_dest errado."
  },
  "touched.none": {
    "en": "no row matches",
    "pt-BR": "nenhuma linha corresponde ao filtro"
  },
  "obstacle.locked": {
    "en": "somebody else has it locked",
    "pt-BR": "outra pessoa está com a linha bloqueada"
  },
  "obstacle.unchanged": {
    "en": "a trigger of the table keeps it as it is",
    "pt-BR": "um gatilho da tabela a mantém como está"
  },
  "obstacle.on_the_wire": {
    "en": "it is on the wire",
    "pt-BR": "está em envio"
  },
  "obstacle.no_row": {
    "en": "there is no such row, or it is not yours",
    "pt-BR": "a linha não existe ou não é sua"
  },
  "obstacle.status": {
    "en": "not for rows of this status, unless status => names it",
    "pt-BR": "não serve para linhas com este status, a não ser que status => o informe"
  },
  "obstacle.conditions": {
    "en": "it is in ids, and the other conditions leave it out",
    "pt-BR": "está em ids, mas as outras condições a deixam de fora"
  },
  "obstacle.held": {
    "en": "it is held already",
    "pt-BR": "já está retida"
  },
  "obstacle.not_held": {
    "en": "it is not held",
    "pt-BR": "não está retida"
  },
  "obstacle.batch_paused": {
    "en": "its batch is paused: talkme.resume('batch:ID') lets it go",
    "pt-BR": "o lote está pausado: talkme.resume('batch:ID') libera"
  },
  "obstacle.held_by_others": {
    "en": "somebody else holds it, or it came as an accident: a member of talkme_operator lets it go",
    "pt-BR": "outra pessoa a reteve, ou ela chegou por acidente: quem libera é um membro de talkme_operator"
  },
  "obstacle.same": {
    "en": "it is so already",
    "pt-BR": "já está assim"
  },
  "obstacle.duplicate": {
    "en": "the recipient has the same message of this campaign already",
    "pt-BR": "o destinatário já tem a mesma mensagem desta campanha"
  },
  "outbox_report_target": {
    "en": "the report names neither a campaign nor a channel",
    "pt-BR": "o relatório não diz nem a campanha nem o canal"
  },
  "outbox_report_target.hint": {
    "en": "Give the id_campanha or id_wpp that it is about: another message to the same person would be taken for this one.",
    "pt-BR": "Informe o id_campanha ou o id_wpp de que ele trata: senão, outra mensagem para a mesma pessoa passaria por esta."
  },
  "outbox_report_given": {
    "en": "the report names no recipient",
    "pt-BR": "o relatório não tem nenhum destinatário"
  },
  "outbox_report_given.hint": {
    "en": "Give sent => array(select ...), not_sent => array(select ...), or both.",
    "pt-BR": "Informe sent => array(select ...), not_sent => array(select ...) ou os dois."
  },
  "outbox_report_verdict": {
    "en": "what was not sent cannot be resolved as {verdict}",
    "pt-BR": "o que não foi enviado não pode ser resolvido como {verdict}"
  },
  "outbox_report_verdict.hint": {
    "en": "Write failed (it shall not be sent) or resend (it shall be sent again).",
    "pt-BR": "Escreva failed (não é para enviar) ou resend (é para enviar de novo)."
  },
  "obstacle.not_in_report": {
    "en": "the report does not name its recipient",
    "pt-BR": "o relatório não cita o destinatário"
  },
  "obstacle.report_contradicts": {
    "en": "the report says both of its recipient",
    "pt-BR": "o relatório diz as duas coisas do destinatário"
  },
  "obstacle.report_ambiguous": {
    "en": "the report may mean another message to the same recipient",
    "pt-BR": "o relatório pode se referir a outra mensagem para o mesmo destinatário"
  },
  "report.no_row": {
    "en": "of the report: recipients without an unknown row here",
    "pt-BR": "do relatório: destinatários sem linha unknown aqui"
  },
  "report.unreadable": {
    "en": "of the report: neither a number nor an address",
    "pt-BR": "do relatório: nem número nem endereço"
  },
  "obstacle.blanked": {
    "en": "its personal data was removed",
    "pt-BR": "os dados pessoais foram apagados"
  },
  "obstacle.expired": {
    "en": "its expires_at has passed",
    "pt-BR": "já passou do expires_at"
  },
  "obstacle.suppressed": {
    "en": "its recipient is suppressed",
    "pt-BR": "o destinatário está na lista de supressão"
  },
  "obstacle.perhaps_sent": {
    "en": "an attempt may have been sent: talkme.retry(id) sends one again",
    "pt-BR": "uma tentativa pode ter sido enviada: talkme.retry(id) envia uma de novo"
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_actions() is 'What talkme.say says of actions on rows';

grant execute on function talkme.phrases_of_actions() to public;
