-- Refusals of a message for its variables, its batch, its campaign and what is known already; and which row of a set it is.
create or replace function talkme.phrases_of_insert() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "outbox_info_contato_object": {
    "en": "info_contato is a JSON {type}, not an object",
    "pt-BR": "info_contato é um JSON do tipo {type}, e não um objeto"
  },
  "outbox_info_contato_object.hint": {
    "en": "Write an object of strings, such as {\"nome\":\"Fulano de tal\",\"geral1\":\"R$ 10,00\"}, or null for a template without variables.",
    "pt-BR": "Escreva um objeto de textos, como {\"nome\":\"Fulano de tal\",\"geral1\":\"R$ 10,00\"}, ou null para um modelo sem variáveis."
  },
  "outbox_info_contato_spelling": {
    "en": "info_contato has both {plain} and {accented}, with different values",
    "pt-BR": "info_contato tem {plain} e {accented}, com valores diferentes"
  },
  "outbox_info_contato_spelling.hint": {
    "en": "They are one variable: keep one of them.",
    "pt-BR": "São a mesma variável: deixe só uma."
  },
  "outbox_info_contato_known": {
    "en": "info_contato has variables that Talk.me does not know: {unknown}",
    "pt-BR": "info_contato tem variáveis que o Talk.me não conhece: {unknown}"
  },
  "outbox_info_contato_known.hint": {
    "en": "It knows {known}.",
    "pt-BR": "Ele conhece {known}."
  },
  "outbox_info_contato_strings": {
    "en": "info_contato.{variable} is a JSON {type}, not a string",
    "pt-BR": "info_contato.{variable} é um JSON do tipo {type}, e não um texto"
  },
  "outbox_info_contato_strings.hint": {
    "en": "Put the value in double quotes, or leave the variable out.",
    "pt-BR": "Ponha o valor entre aspas duplas, ou deixe a variável de fora."
  },
  "outbox_info_contato_whitespace": {
    "en": "info_contato.{variable} contains {found:word}",
    "pt-BR": "info_contato.{variable} contém {found:word}"
  },
  "found.line_break": {
    "en": "a line break",
    "pt-BR": "uma quebra de linha"
  },
  "found.tab": {
    "en": "a tab",
    "pt-BR": "um tab"
  },
  "found.line_separator": {
    "en": "a line separator",
    "pt-BR": "um separador de linha"
  },
  "found.spaces": {
    "en": "a run of more than four spaces",
    "pt-BR": "mais de quatro espaços seguidos"
  },
  "found.control": {
    "en": "a control character",
    "pt-BR": "um caractere de controle"
  },
  "outbox_info_contato_whitespace.hint": {
    "en": "WhatsApp refuses these in a template's variables: write the value in one line, with single spaces.",
    "pt-BR": "O WhatsApp não aceita isso nas variáveis de um modelo: escreva o valor em uma linha só, com espaços simples."
  },
  "outbox_info_contato_length": {
    "en": "info_contato.{variable} has {characters} characters",
    "pt-BR": "info_contato.{variable} tem {characters} caracteres"
  },
  "outbox_info_contato_length.hint": {
    "en": "The whole text of a WhatsApp template holds 1024.",
    "pt-BR": "No texto inteiro de um modelo do WhatsApp cabem 1024."
  },
  "outbox_batch_exists": {
    "en": "there is no batch {batch_id}, or it is not yours",
    "pt-BR": "o lote {batch_id} não existe ou não é seu"
  },
  "outbox_batch_exists.hint": {
    "en": "insert into talkme.batch (name) values ('Natal') returning id makes one.",
    "pt-BR": "insert into talkme.batch (name) values ('Natal') returning id cria um."
  },
  "outbox_campaign_active": {
    "en": "campaign {id_campanha} ({name}) is not active",
    "pt-BR": "a campanha {id_campanha} ({name}) não está ativa"
  },
  "outbox_campaign_active.hint": {
    "en": "Use another campaign, or set active in talkme.campaign.",
    "pt-BR": "Use outra campanha, ou ligue active em talkme.campaign."
  },
  "outbox_campaign_variables": {
    "en": "campaign {id_campanha} ({name}) needs variables that are missing or blank: {missing}",
    "pt-BR": "a campanha {id_campanha} ({name}) precisa de variáveis que faltam ou estão em branco: {missing}"
  },
  "outbox_campaign_variables.hint": {
    "en": "Give each of them a value in info_contato. Which ones a campaign needs is in talkme.campaign.required_variables.",
    "pt-BR": "Dê um valor a cada uma em info_contato. As que a campanha exige estão em talkme.campaign.required_variables."
  },
  "outbox_duplicate": {
    "en": "the recipient was given the same message of campaign {id_campanha} at {at:time}, as row {id}",
    "pt-BR": "o destinatário já tem a mesma mensagem da campanha {id_campanha}, de {at:time}, na linha {id}"
  },
  "outbox_duplicate.hint": {
    "en": "If it is meant to be sent again within {duplicate_window:span}, change a variable, or talkme.campaign.duplicate_window.",
    "pt-BR": "Se é para enviar de novo dentro de {duplicate_window:span}, mude uma variável, ou talkme.campaign.duplicate_window."
  },
  "outbox_duplicate.anothers": {
    "en": "the recipient was given the same message of campaign {id_campanha} by another producer",
    "pt-BR": "o destinatário já tem a mesma mensagem da campanha {id_campanha}, de outro produtor"
  },
  "outbox_dedupe_key": {
    "en": "the dedupe_key exists already",
    "pt-BR": "a dedupe_key já existe"
  },
  "outbox_dedupe_key.hint": {
    "en": "It may be the same message; on conflict do nothing, or on_duplicate_key => 'skip', leaves it out.",
    "pt-BR": "Pode ser a mesma mensagem; on conflict do nothing, ou on_duplicate_key => 'skip', a deixa de fora."
  },
  "expired": {
    "en": "the message has expired already",
    "pt-BR": "a mensagem já venceu"
  },
  "expired.hint": {
    "en": "Give a later expires_at, or leave it out for none.",
    "pt-BR": "Informe um expires_at mais tarde, ou deixe de fora se não vence."
  },
  "ambiguous_phone": {
    "en": "the digits of this foreign number are also those of a Brazilian one",
    "pt-BR": "os algarismos deste número estrangeiro são também os de um brasileiro"
  },
  "ambiguous_phone.hint": {
    "en": "It cannot be reached, unless the API is known to read every number with its country code: then syncd has phone_format: e164-digits, and this is no problem.",
    "pt-BR": "Não dá para escrever a ele, a não ser que a API leia todo número com o código do país: nesse caso o syncd tem phone_format: e164-digits, e não há problema."
  },
  "suppressed": {
    "en": "the recipient is suppressed and gets nothing",
    "pt-BR": "o destinatário está na lista de supressão e não recebe nada"
  },
  "suppressed.hint": {
    "en": "Leave the message out; if it is a mistake, talkme.unsuppress ends it.",
    "pt-BR": "Deixe a mensagem de fora; se for engano, talkme.unsuppress o tira da lista."
  },
  "not_found": {
    "en": "the API does not find the campaign or channel: it answered 404 a short while ago",
    "pt-BR": "a API não encontra a campanha ou o canal: respondeu 404 há pouco"
  },
  "not_found.hint": {
    "en": "Give the number that Talk.me shows, or start the campaign there; talkme.resume then has one row tried at once.",
    "pt-BR": "Informe o número que o Talk.me mostra, ou inicie a campanha lá; depois, talkme.resume faz testar logo uma linha."
  },
  "which.row": {
    "en": "It is row {id}.",
    "pt-BR": "É a linha {id}."
  },
  "which.of_set": {
    "en": "Row {number} of this statement[, message {message} of this transaction][, with the dedupe_key {dedupe_key:literal}].",
    "pt-BR": "Linha {number} deste comando[, mensagem {message} desta transação][, com a dedupe_key {dedupe_key:literal}]."
  },
  "which.private_key": {
    "en": "Row {number} of this statement[, message {message} of this transaction], with a dedupe_key that repeats what the message says of a person and is not shown.",
    "pt-BR": "Linha {number} deste comando[, mensagem {message} desta transação], com uma dedupe_key que repete um dado da pessoa e por isso não é mostrada."
  },
  "reais_is_amount": {
    "en": "talkme.reais: {amount} is not an amount of money",
    "pt-BR": "talkme.reais: {amount} não é um valor em dinheiro"
  },
  "reais_is_amount.hint": {
    "en": "Correct the value, or give null: a variable that is null is left out.",
    "pt-BR": "Corrija o valor, ou passe null: uma variável null fica de fora."
  },
  "which.of_capture": {
    "en": "Row of the table: {row}. The map: select map from talkme.captures where name = {capture:literal}",
    "pt-BR": "Linha da tabela: {row}. O mapa: select map from talkme.captures where name = {capture:literal}"
  },
  "capture_refused": {
    "en": "capture {capture}: {complaint}[ ({columns})]",
    "pt-BR": "captura {capture}: {complaint}[ ({columns})]"
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_insert() is 'What talkme.say says of a message that its campaign, its batch or what is known already refuses';

grant execute on function talkme.phrases_of_insert() to public;
