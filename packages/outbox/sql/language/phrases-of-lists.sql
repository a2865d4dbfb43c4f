-- What the functions say that bring in lists. KEY.hint says what to do.
create or replace function talkme.phrases_of_lists() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "batch_exists": {
    "en": "there is no batch {id}",
    "pt-BR": "não existe o lote {id}"
  },
  "batch_exists.hint": {
    "en": "Your batches: select id, name from talkme.batches. One that somebody else brought in looks as if it did not exist.",
    "pt-BR": "Seus lotes: select id, name from talkme.batches. O lote de outra pessoa também parece não existir."
  },
  "list_exists": {
    "en": "there is no list {id}",
    "pt-BR": "não existe a lista {id}"
  },
  "list_exists.hint": {
    "en": "Take the number that talkme.begin_list returned. A list that somebody else brought in looks the same.",
    "pt-BR": "Use o número que talkme.begin_list devolveu. Uma lista de outra pessoa também parece não existir."
  },
  "list_not_sent": {
    "en": "list {id} has been sent as batch {batch}",
    "pt-BR": "a lista {id} já foi enviada como lote {batch}"
  },
  "list_not_sent.hint": {
    "en": "talkme.batches shows what became of it. To send the file once more, bring it in again.",
    "pt-BR": "Em talkme.batches está o andamento. Para enviar o arquivo mais uma vez, importe de novo."
  },
  "list_incomplete": {
    "en": "list {id} has all of its lines already",
    "pt-BR": "a lista {id} já tem todas as linhas"
  },
  "list_incomplete.hint": {
    "en": "Begin a new list for other lines.",
    "pt-BR": "Para outras linhas, comece uma lista nova."
  },
  "list_message_object": {
    "en": "the way from lines to messages is not an object with columns",
    "pt-BR": "falta dizer que coluna é o quê: era esperado um objeto com columns"
  },
  "list_message_object.hint": {
    "en": "Write an object such as {example}.",
    "pt-BR": "Escreva um objeto assim: {example}."
  },
  "list_message_key": {
    "en": "{key:literal} says nothing about the messages of a list",
    "pt-BR": "{key:literal} não diz nada sobre as mensagens de uma lista"
  },
  "list_message_key.hint": {
    "en": "The keys are account, id_campanha, id_wpp, send_at, expires_at and columns.",
    "pt-BR": "As chaves são account, id_campanha, id_wpp, send_at, expires_at e columns."
  },
  "list_field_known": {
    "en": "{field:literal} cannot be filled from a column",
    "pt-BR": "{field:literal} não pode ser preenchido por uma coluna"
  },
  "list_field_known.hint": {
    "en": "The fields are numero_dest, email_dest, txtmsg, assunto, dedupe_key and the variables of Talk.me, such as nome and geral1.",
    "pt-BR": "Os campos são numero_dest, email_dest, txtmsg, assunto, dedupe_key e as variáveis do Talk.me, como nome e geral1."
  },
  "list_column_exists": {
    "en": "the column of {field} does not exist",
    "pt-BR": "a coluna de {field} não existe"
  },
  "list_column_exists.hint": {
    "en": "Give its number, from 1 to {columns}.",
    "pt-BR": "Informe o número dela, de 1 a {columns}."
  },
  "list_recipient_column": {
    "en": "no column holds the recipient",
    "pt-BR": "nenhuma coluna tem o destinatário"
  },
  "list_recipient_column.hint": {
    "en": "Say which column is numero_dest (WhatsApp) or email_dest (e-mail).",
    "pt-BR": "Diga qual coluna é numero_dest (WhatsApp) ou email_dest (e-mail)."
  },
  "list_campaign_granted": {
    "en": "campaign [{id_campanha} ]is not one that you may send to",
    "pt-BR": "você não pode enviar para a campanha[ {id_campanha}]"
  },
  "list_campaign_granted.hint": {
    "en": "Ask an operator to grant it to you: talkme.grant_campaign.",
    "pt-BR": "Peça a um operador que libere para você: talkme.grant_campaign."
  },
  "list_ready": {
    "en": "list {id} cannot be checked yet",
    "pt-BR": "a lista {id} ainda não pode ser conferida"
  },
  "list_ready.hint": {
    "en": "Read all of its lines (talkme.end_list) and say how they become messages (talkme.map_list).",
    "pt-BR": "Leia todas as linhas (talkme.end_list) e diga como elas viram mensagens (talkme.map_list)."
  },
  "list_checked": {
    "en": "list {id} has changed since it was checked",
    "pt-BR": "a lista {id} mudou desde a última conferência"
  },
  "list_checked.hint": {
    "en": "Call talkme.check_list({id}), look at the result, and send it then.",
    "pt-BR": "Chame talkme.check_list({id}), veja o resultado e só então envie."
  },
  "list_rows_confirmed": {
    "en": "{ready} lines can be sent, and {confirmed} were confirmed",
    "pt-BR": "{ready} linhas podem ser enviadas, e {confirmed} foram confirmadas"
  },
  "list_rows_confirmed.hint": {
    "en": "Look at the list again, and confirm the number that it has now. A list without a good line cannot be sent.",
    "pt-BR": "Veja a lista de novo e confirme o número atual. Uma lista sem nenhuma linha boa não pode ser enviada."
  },
  "list_sent_before": {
    "en": "the same file was sent to this campaign as batch {batch} by {by} ({since:time})",
    "pt-BR": "o mesmo arquivo já foi enviado para esta campanha como lote {batch} por {by} ({since:time})"
  },
  "list_sent_before.hint": {
    "en": "People would get the message twice. If that is what you want, add again => true.",
    "pt-BR": "As pessoas receberiam a mensagem duas vezes. Se é isso mesmo, acrescente again => true."
  },
  "list_cells_number": {
    "en": "the line has more cells than the list has columns",
    "pt-BR": "a linha tem mais células do que a lista tem colunas"
  },
  "list_cells_number.hint": {
    "en": "Give at most {columns}.",
    "pt-BR": "Informe no máximo {columns}."
  },
  "list_line_exists": {
    "en": "list {id} has no line {line}",
    "pt-BR": "a lista {id} não tem a linha {line}"
  },
  "list_line_exists.hint": {
    "en": "Lines have the numbers of the file; line 1 holds the headings.",
    "pt-BR": "As linhas têm o número do arquivo; a linha 1 é o cabeçalho."
  },
  "list_problem.list_recipient_twice": {
    "en": "The list has this recipient before.",
    "pt-BR": "Este destinatário já aparece antes na lista."
  },
  "list_problem.list_key_twice": {
    "en": "The list has this dedupe_key before.",
    "pt-BR": "Este dedupe_key já aparece antes na lista."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_lists() is 'What talkme.say says of lists that people bring in';

grant execute on function talkme.phrases_of_lists() to public;
