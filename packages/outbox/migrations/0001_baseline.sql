-- Made from packages/outbox/sql by "pnpm migration": each section is one source of the schema, or what leads to it.


-- ---- roles/roles.sql 61dc5012cde0 ----

-- Who may do what. A login of yours becomes a member: grant talkme_producer to shop. What each may: docs/sql.md.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('talkme_producer', 'Inserts messages through talkme.outbox, and sees those that it inserted'),
      ('talkme_daemon', 'What syncd needs to run'),
      ('talkme_viewer', 'Reads everything in the schema talkme'),
      ('talkme_operator', 'Reads everything, and calls the functions that repair'),
      ('talkme_marketing', 'Brings in lists, watches and pauses the campaigns that it was granted; never sees a number'),
      ('talkme_console', 'Sessions and accounts of the console: what it reads before it acts as a person')
    ) as role (name, purpose)
    where not exists (select from pg_catalog.pg_roles where rolname = role.name)
    -- In one order everywhere, so that two migrations of different databases never deadlock.
    order by name
  loop
    begin
      execute format('create role %I nologin', wanted.name);
      execute format('comment on role %I is %L', wanted.name, wanted.purpose);
    exception
      -- Roles belong to the whole server: another database is being migrated at this moment.
      when duplicate_object or unique_violation then
        null;
      when insufficient_privilege then
        raise exception using
          errcode = 'insufficient_privilege',
          message = format('the role %I does not exist, and %I may not create it', wanted.name, current_user),
          hint = 'Have somebody with CREATEROLE run this, and migrate again: create role talkme_producer nologin; '
            'create role talkme_daemon nologin; create role talkme_viewer nologin; create role talkme_operator nologin; '
            'create role talkme_marketing nologin; create role talkme_console nologin;';
    end;
  end loop;
end
$$;

grant usage on schema talkme
to talkme_producer, talkme_daemon, talkme_viewer, talkme_operator, talkme_marketing, talkme_console;
-- syncd check and the console compare it.
grant select on talkme.migration to talkme_daemon, talkme_viewer, talkme_operator, talkme_console;


-- ---- language/language.sql b379b85ad360 ----

-- Tolerates what LANG says, too: pt, pt_BR, pt_BR.UTF-8. The sessions of syncd are always English, as its log lines are: what it
-- says to people in another language, it asks for by name.
create or replace function talkme.language(wanted text default null) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if wanted is null and current_setting('application_name') ^@ 'syncd' then
    return 'en';
  end if;
  return case
    when coalesce(wanted, current_setting('talkme.language', true)) ~* '^pt([-_]br)?([.@].*)?$' then 'pt-BR'
    else 'en'
  end;
end
$$;

comment on function talkme.language(text) is
  'The language of sentences for people, pt-BR or en: the one that is wanted, or else the setting talkme.language of session, role or database';

-- Whoever writes rows may be refused, in any language. It reads no table.
grant execute on function talkme.language(text) to public;


-- ---- language/phrases-of-message.sql dfbbb98f6b69 ----

-- Refusals of a message for what it says by itself. A key is a rule's name; with .hint, what to do about it.
create or replace function talkme.phrases_of_message() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "outbox_status_at_insert": {
    "en": "a new row cannot have the status {status:literal}",
    "pt-BR": "uma linha nova não pode ter o status {status:literal}"
  },
  "outbox_status_at_insert.hint": {
    "en": "Leave status out: the row starts as pending, and syncd writes what becomes of it.",
    "pt-BR": "Deixe status de fora: a linha começa como pending, e o syncd escreve o que acontecer com ela."
  },
  "outbox_daemon_columns_at_insert": {
    "en": "a new row gives values to columns that syncd writes",
    "pt-BR": "uma linha nova preenche colunas que são do syncd"
  },
  "outbox_daemon_columns_at_insert.hint": {
    "en": "Leave out attempts, fence, retry_at, claimed_by, claimed_at, finished_at, http_status, reference, response, error_code and error.",
    "pt-BR": "Deixe de fora attempts, fence, retry_at, claimed_by, claimed_at, finished_at, http_status, reference, response, error_code e error."
  },
  "outbox_blanked_at_insert": {
    "en": "a new row cannot be blanked already",
    "pt-BR": "uma linha nova não pode nascer sem os dados pessoais"
  },
  "outbox_blanked_at_insert.hint": {
    "en": "Leave blanked_at out: talkme.forget and the retention write it.",
    "pt-BR": "Deixe blanked_at de fora: quem a preenche são talkme.forget e a retenção."
  },
  "outbox_account_name": {
    "en": "{account:literal} cannot be the name of an account",
    "pt-BR": "{account:literal} não pode ser o nome de uma conta"
  },
  "outbox_account_name.hint": {
    "en": "A name has up to 63 small letters, digits, - and _. Leave account out for the account 'default'.",
    "pt-BR": "O nome tem até 63 letras minúsculas, algarismos, - e _. Sem account, vale a conta 'default'."
  },
  "outbox_recipient_given": {
    "en": "the message has no recipient",
    "pt-BR": "a mensagem não tem destinatário"
  },
  "outbox_recipient_given.hint": {
    "en": "Give numero_dest (WhatsApp), email_dest (e-mail), or both.",
    "pt-BR": "Informe numero_dest (WhatsApp), email_dest (e-mail) ou os dois."
  },
  "outbox_numero_dest_format": {
    "en": "numero_dest is not a telephone number",
    "pt-BR": "numero_dest não é um número de telefone"
  },
  "outbox_numero_dest_format.hint": {
    "en": "Write DDD and number, such as 11988887777; for another country + and the full number. Spaces, dots, hyphens and parentheses may stand between groups of 8 to 15 digits, and nothing else: no extension, and no decimal, as spreadsheets add.",
    "pt-BR": "Escreva DDD e número, como 11988887777; para outro país, + e o número completo. São de 8 a 15 algarismos, e entre eles só cabem espaço, ponto, hífen e parênteses: nada de ramal, nem do ,0 que as planilhas acrescentam."
  },
  "outbox_numero_dest_length": {
    "en": "numero_dest has {digits} digits, where DDD and number have 10 or 11",
    "pt-BR": "numero_dest tem {digits} algarismos; DDD e número têm 10 ou 11"
  },
  "outbox_numero_dest_length.hint": {
    "en": "Write the DDD, two digits, and the number of 8 or 9 digits; a number of another country begins with +.",
    "pt-BR": "Escreva o DDD, de dois algarismos, e o número, de 8 ou 9; número de outro país começa com +."
  },
  "outbox_numero_dest_ddd": {
    "en": "numero_dest begins with the DDD {ddd}, which does not exist",
    "pt-BR": "numero_dest começa com o DDD {ddd}, que não existe"
  },
  "outbox_numero_dest_ddd.hint": {
    "en": "Correct the DDD; a number of another country begins with + and its country code.",
    "pt-BR": "Corrija o DDD; número de outro país começa com + e o código do país."
  },
  "outbox_numero_dest_exists": {
    "en": "numero_dest cannot exist: {fault:word}",
    "pt-BR": "numero_dest não pode existir: {fault:word}"
  },
  "fault.country": {
    "en": "its country has no such number",
    "pt-BR": "o país não tem número assim"
  },
  "fault.mobile": {
    "en": "a number of 9 digits is a mobile one, and begins with 9",
    "pt-BR": "número de 9 algarismos é celular, e começa com 9"
  },
  "fault.landline": {
    "en": "a number of 8 digits does not begin with 0 or 1",
    "pt-BR": "número de 8 algarismos não começa com 0 nem 1"
  },
  "fault.groups": {
    "en": "its groups show that a digit is missing",
    "pt-BR": "pelos grupos se vê que falta um algarismo"
  },
  "outbox_numero_dest_exists.hint": {
    "en": "Correct the number: a digit too many, too few or swapped is the usual cause.",
    "pt-BR": "Corrija o número: quase sempre é um algarismo a mais, a menos ou trocado."
  },
  "outbox_email_dest_format": {
    "en": "email_dest is not an e-mail address",
    "pt-BR": "email_dest não é um endereço de e-mail"
  },
  "outbox_email_dest_format.hint": {
    "en": "Write one address in ASCII, such as fulano@example.com, without a name and without spaces; a domain of other letters in its form xn--.",
    "pt-BR": "Escreva um só endereço, em ASCII, como fulano@example.com, sem o nome da pessoa e sem espaços; domínio com acento vai na forma xn--."
  },
  "outbox_target_given": {
    "en": "the message has neither a campaign nor a channel",
    "pt-BR": "a mensagem não tem nem campanha nem canal"
  },
  "outbox_target_given.hint": {
    "en": "Give id_campanha (as Talk.me shows it for the campaign), id_wpp (for the channel), or both.",
    "pt-BR": "Informe id_campanha (o número da campanha no Talk.me), id_wpp (o do canal) ou os dois."
  },
  "outbox_id_campanha_range": {
    "en": "id_campanha cannot be {id_campanha}",
    "pt-BR": "id_campanha não pode ser {id_campanha}"
  },
  "outbox_id_campanha_range.hint": {
    "en": "Write the number that Talk.me shows for the campaign.",
    "pt-BR": "Escreva o número que o Talk.me mostra para a campanha."
  },
  "outbox_id_wpp_range": {
    "en": "id_wpp cannot be {id_wpp}",
    "pt-BR": "id_wpp não pode ser {id_wpp}"
  },
  "outbox_id_wpp_range.hint": {
    "en": "Write the number that Talk.me shows for the channel.",
    "pt-BR": "Escreva o número que o Talk.me mostra para o canal."
  },
  "outbox_txtmsg_length": {
    "en": "txtmsg has {characters} characters",
    "pt-BR": "txtmsg tem {characters} caracteres"
  },
  "outbox_txtmsg_length.hint": {
    "en": "WhatsApp takes 4096.",
    "pt-BR": "O WhatsApp aceita 4096."
  },
  "outbox_assunto_format": {
    "en": "assunto has a line break or more than 255 characters",
    "pt-BR": "assunto tem quebra de linha ou mais de 255 caracteres"
  },
  "outbox_assunto_format.hint": {
    "en": "Write the subject in one line.",
    "pt-BR": "Escreva o assunto em uma linha só."
  },
  "outbox_assunto_has_method": {
    "en": "assunto is given, but neither email_dest nor info_contato",
    "pt-BR": "há assunto, mas nem email_dest nem info_contato"
  },
  "outbox_assunto_has_method.hint": {
    "en": "Only the method with variables carries a subject: give email_dest or info_contato too, or leave assunto out.",
    "pt-BR": "Só o método com variáveis leva assunto: informe também email_dest ou info_contato, ou deixe assunto de fora."
  },
  "outbox_send_at_range": {
    "en": "send_at cannot be {send_at}",
    "pt-BR": "send_at não pode ser {send_at}"
  },
  "outbox_send_at_range.hint": {
    "en": "Write a time from the year 2000 on, or leave it out to send at once.",
    "pt-BR": "Escreva uma data a partir do ano 2000, ou deixe de fora para enviar logo."
  },
  "outbox_expires_after_send_at": {
    "en": "the message would expire before it may be sent",
    "pt-BR": "a mensagem venceria antes de poder ser enviada"
  },
  "outbox_expires_after_send_at.hint": {
    "en": "expires_at has to be later than send_at (by default, now).",
    "pt-BR": "expires_at tem de ser depois de send_at (que, se não for informado, é agora)."
  },
  "outbox_dedupe_key_length": {
    "en": "dedupe_key is empty or longer than 255 characters",
    "pt-BR": "dedupe_key está vazia ou passa de 255 caracteres"
  },
  "outbox_dedupe_key_length.hint": {
    "en": "Use a short key of your own, such as 'order 42 shipped', or null for none.",
    "pt-BR": "Use uma chave curta sua, como 'pedido 42 enviado', ou null para nenhuma."
  },
  "outbox_max_attempts_range": {
    "en": "max_attempts cannot be {max_attempts}",
    "pt-BR": "max_attempts não pode ser {max_attempts}"
  },
  "outbox_max_attempts_range.hint": {
    "en": "Write a number from 1 to 1000, or leave it out for the daemon's setting.",
    "pt-BR": "Escreva um número de 1 a 1000, ou deixe de fora: vale o que está configurado no syncd."
  },
  "outbox_on_unknown_known": {
    "en": "on_unknown cannot be {on_unknown:literal}",
    "pt-BR": "on_unknown não pode ser {on_unknown:literal}"
  },
  "outbox_on_unknown_known.hint": {
    "en": "Write hold (a person decides) or resend (which may message a person twice), or leave it out for the daemon's setting.",
    "pt-BR": "Escreva hold (uma pessoa decide) ou resend (pode mandar duas vezes para a mesma pessoa), ou deixe de fora: vale o que está configurado no syncd."
  },
  "outbox_priority_range": {
    "en": "priority cannot be {priority}",
    "pt-BR": "priority não pode ser {priority}"
  },
  "outbox_priority_range.hint": {
    "en": "Write a number from -32768 to 32767, or leave it out for 0.",
    "pt-BR": "Escreva um número de -32768 a 32767, ou deixe de fora: vale 0."
  },
  "outbox_on_duplicate_key_known": {
    "en": "on_duplicate_key cannot be {on_duplicate_key}",
    "pt-BR": "on_duplicate_key não pode ser {on_duplicate_key}"
  },
  "outbox_on_duplicate_key_known.hint": {
    "en": "Write refuse (a dedupe_key that exists fails the call) or skip (the call returns null), or leave it out for refuse.",
    "pt-BR": "Escreva refuse (se a dedupe_key já existe, a chamada falha) ou skip (a chamada devolve null), ou deixe de fora: vale refuse."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_message() is 'What talkme.say says of a message that is wrong by itself';

grant execute on function talkme.phrases_of_message() to public;


-- ---- language/phrases-of-insert.sql 4f13b3f50ab2 ----

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


-- ---- language/phrases-of-actions.sql c8504dd57113 ----

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


-- ---- language/phrases-of-rights.sql d87c636a5b13 ----

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


-- ---- language/phrases-of-setting-changes.sql f6b9d040ecb7 ----

-- What the functions say that change settings, and why they do not.
create or replace function talkme.phrases_of_setting_changes() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "said.setting": {
    "en": "{setting}: {changes}. syncd reads it within a second.",
    "pt-BR": "{setting}: {changes}. O syncd lê em um segundo."
  },
  "said.setting_change": {
    "en": "{column} is {now} (was {was})",
    "pt-BR": "{column} agora é {now} (era {was})"
  },
  "said.setting_new": {
    "en": "{column} is {now}",
    "pt-BR": "{column} é {now}"
  },
  "said.setting_same": {
    "en": "{setting} is so already: nothing was changed.",
    "pt-BR": "{setting} já está assim: nada mudou."
  },
  "said.holiday": {
    "en": "{day} is a holiday ({state}): no sending window opens.",
    "pt-BR": "{day} é feriado ({state}): nenhuma janela de envio abre."
  },
  "said.holiday_removed": {
    "en": "{day} is a holiday no more ({state}).",
    "pt-BR": "{day} não é mais feriado ({state})."
  },
  "setting_given": {
    "en": "no changes of {setting} are given",
    "pt-BR": "não foi informada nenhuma alteração de {setting}"
  },
  "setting_given.hint": {
    "en": "Write an object of columns and values, such as {\"sending_window\": \"mon-fri 9:00-19:00\"}. The columns: {columns}.",
    "pt-BR": "Escreva um objeto de colunas e valores, como {\"sending_window\": \"seg-sex 9:00-19:00\"}. As colunas: {columns}."
  },
  "setting_columns": {
    "en": "{setting} has no settings of these names: {wrong}",
    "pt-BR": "{setting} não tem configurações com estes nomes: {wrong}"
  },
  "setting_columns.hint": {
    "en": "The columns that can be set: {columns}.",
    "pt-BR": "As colunas que podem ser alteradas: {columns}."
  },
  "setting_owner": {
    "en": "these settings are for the owner of the schema: {wrong}",
    "pt-BR": "estas configurações são do dono do schema: {wrong}"
  },
  "setting_owner.hint": {
    "en": "They decide when data are removed. The owner writes them into {setting}.",
    "pt-BR": "Elas decidem quando os dados são apagados. O dono as escreve em {setting}."
  },
  "setting_fit": {
    "en": "a value does not fit the setting: {why}",
    "pt-BR": "um valor não cabe na configuração: {why}"
  },
  "setting_fit.hint": {
    "en": "Write values as in the table: a rate as a number, a time as '1 day', a list as a JSON array, null for none.",
    "pt-BR": "Escreva os valores como na tabela: uma taxa como número, um tempo como '1 day', uma lista como array de JSON, null para nenhum."
  },
  "setting_name": {
    "en": "a campaign needs a name",
    "pt-BR": "a campanha precisa de um nome"
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_setting_changes() is 'What talkme.say says of changes of settings';

grant execute on function talkme.phrases_of_setting_changes() to public;


-- ---- language/phrases-of-lists.sql 4aa34a386932 ----

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


-- ---- language/phrases-of-holds.sql 02654e5ec6ed ----

-- Pauses, suppressions and erasure: what was done, and what is refused.
create or replace function talkme.phrases_of_holds() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "scope.valid": {
    "en": "{scope:literal} is not a valid scope",
    "pt-BR": "{scope:literal} não é um escopo válido"
  },
  "scope.valid.hint": {
    "en": "Give 'all', 'account:NAME', 'campaign:ID', 'channel:ID' or 'batch:ID'.",
    "pt-BR": "Informe 'all', 'account:NOME', 'campaign:ID', 'channel:ID' ou 'batch:ID'."
  },
  "scope.batch": {
    "en": "there is no batch {id}, or it is not yours",
    "pt-BR": "o lote {id} não existe ou não é seu"
  },
  "scope.batch.hint": {
    "en": "Your batches: select id, name from talkme.batches.",
    "pt-BR": "Os seus lotes: select id, name from talkme.batches."
  },
  "scope.producer": {
    "en": "a producer pauses and resumes its own batches only, a member of talkme_marketing also the campaigns that it was granted",
    "pt-BR": "um produtor só pausa e libera os próprios lotes; um membro de talkme_marketing, também as campanhas que recebeu"
  },
  "scope.producer.hint": {
    "en": "Give 'batch:ID' or 'campaign:ID' of yours, or ask a member of talkme_operator.",
    "pt-BR": "Informe um 'batch:ID' ou 'campaign:ID' seu, ou peça a um membro de talkme_operator."
  },
  "pause.reason": {
    "en": "a pause needs a reason",
    "pt-BR": "a pausa precisa de um motivo"
  },
  "pause.reason.hint": {
    "en": "Whoever finds the rows waiting reads it: talkme.pause('campaign:123', 'wrong price in the template').",
    "pt-BR": "Quem achar as linhas paradas vai lê-lo: talkme.pause('campaign:123', 'preço errado no modelo')."
  },
  "pause.done": {
    "en": "{scope} is paused: none of its rows is claimed from now on. What is on the wire is finished. talkme.resume({scope:literal}) ends it.",
    "pt-BR": "{scope} está em pausa: daqui em diante nenhuma linha sai. O que já está a caminho termina. talkme.resume({scope:literal}) libera."
  },
  "pause.idle": {
    "en": "No row of it waits at the moment: is the name right?",
    "pt-BR": "Nenhuma linha espera nele agora: o nome está certo?"
  },
  "resume.resumed": {
    "en": "{scope} is no longer paused.",
    "pt-BR": "{scope} não está mais em pausa."
  },
  "resume.held": {
    "en": "{held:number} held {held|row|rows} of {scope} may go.",
    "pt-BR": "{held:number} {held|linha retida|linhas retidas} de {scope} {held|está liberada|estão liberadas}."
  },
  "resume.put_off": {
    "en": "{put_off:number} {put_off|row|rows} of {scope} that {put_off|was|were} put off {put_off|is|are} looked at again.",
    "pt-BR": "{put_off:number} {put_off|linha adiada|linhas adiadas} de {scope} {put_off|volta|voltam} a ser {put_off|avaliada|avaliadas}."
  },
  "resume.trials": {
    "en": "{scope}: {circuits} open {circuits|circuit|circuits} and {lanes} quiet {lanes|campaign or channel|campaigns or channels} are tried with one row each.",
    "pt-BR": "{scope}: {circuits} {circuits|disjuntor aberto|disjuntores abertos} e {lanes} {lanes|campanha ou canal à espera|campanhas ou canais à espera} são testados com uma linha cada."
  },
  "resume.nothing": {
    "en": "Nothing of {scope} was paused, held or stopped by a circuit.",
    "pt-BR": "Nada de {scope} estava em pausa, retido ou parado por um disjuntor."
  },
  "resume.others": {
    "en": "Paused still: {others}.",
    "pt-BR": "Continua em pausa: {others}."
  },
  "recipient.unreadable": {
    "en": "this is neither a telephone number nor an e-mail address",
    "pt-BR": "isto não é nem um número de telefone nem um endereço de e-mail"
  },
  "recipient.unreadable.hint": {
    "en": "Write it as in numero_dest or email_dest: DDD and number, + and the full number of another country, or one address. A number with a DDD or a country code that does not exist is none.",
    "pt-BR": "Escreva como em numero_dest ou email_dest: DDD e número, + e o número completo de outro país, ou um endereço. Número com DDD ou código de país que não existe não vale."
  },
  "suppress.reason": {
    "en": "a suppression needs a reason",
    "pt-BR": "a supressão precisa de um motivo"
  },
  "suppress.reason.hint": {
    "en": "Such as talkme.suppress('11988887777', 'asked to be left alone').",
    "pt-BR": "Por exemplo: talkme.suppress('11988887777', 'pediu para não receber')."
  },
  "suppress.done": {
    "en": "The recipient gets nothing from now on. {cancelled:number} waiting {cancelled|row was|rows were} cancelled[; {on_wire:number} {on_wire|is|are} on the wire and cannot be called back][; {locked:number} could not be changed: each is cancelled at its turn, unless it is being claimed at this moment]. talkme.unsuppress takes it back.",
    "pt-BR": "O destinatário não recebe mais nada. {cancelled:number} {cancelled|linha que esperava foi cancelada|linhas que esperavam foram canceladas}[; {on_wire:number} já {on_wire|está|estão} a caminho e não {on_wire|tem|têm} volta][; {locked:number} não {locked|pôde ser alterada: é cancelada|puderam ser alteradas: cada uma é cancelada} na sua vez, a não ser que esteja saindo neste momento]. talkme.unsuppress desfaz."
  },
  "unsuppress.none": {
    "en": "The recipient was not suppressed.",
    "pt-BR": "O destinatário não estava na lista de supressão."
  },
  "unsuppress.done": {
    "en": "The recipient may be written to again. Rows that were cancelled stay so; talkme.retry brings one back.",
    "pt-BR": "Já se pode escrever ao destinatário de novo. As linhas canceladas continuam canceladas; talkme.retry traz uma de volta."
  },
  "forget.unreadable": {
    "en": "talkme.forget: this is neither a telephone number nor an e-mail address",
    "pt-BR": "talkme.forget: isto não é nem um número de telefone nem um endereço de e-mail"
  },
  "forget.unreadable.hint": {
    "en": "Write it as in numero_dest, such as 11988887777, or as in email_dest, such as fulano@example.com.",
    "pt-BR": "Escreva como em numero_dest, por exemplo 11988887777, ou como em email_dest, por exemplo fulano@example.com."
  },
  "forget.reason": {
    "en": "talkme.forget: the reason names the person who is to be forgotten",
    "pt-BR": "talkme.forget: o motivo identifica a pessoa cujos dados devem ser apagados"
  },
  "forget.reason.hint": {
    "en": "It is kept in talkme.audit. Give the number of the request instead.",
    "pt-BR": "Ele fica guardado em talkme.audit. Informe, no lugar, o número do pedido."
  },
  "forget.nothing": {
    "en": "Nothing is kept of this recipient.",
    "pt-BR": "Não há nada guardado deste destinatário."
  },
  "forget.no_message": {
    "en": "No message to this recipient is kept.",
    "pt-BR": "Não há mensagens guardadas deste destinatário."
  },
  "forget.lists": {
    "en": "{lines:number} {lines|line|lines} of lists {lines|is|are} deleted.",
    "pt-BR": "{lines:number} {lines|linha|linhas} de listas {lines|foi apagada|foram apagadas}."
  },
  "forget.done": {
    "en": "Forgotten: {waited:number} {waited|row|rows} that waited {waited|is|are} cancelled, {on_wire:number} on the wire will keep no answer, {doubted:number} of which nobody knew whether they were sent {doubted|is|are} failed, {ended:number} that had ended {ended|is|are} blanked; {blanked:number} had been blanked before. {attempts:number} {attempts|attempt|attempts} lost what they said.",
    "pt-BR": "Apagado: {waited:number} {waited|linha que esperava foi cancelada|linhas que esperavam foram canceladas}; {on_wire:number} a caminho não {on_wire|vai|vão} guardar resposta; {doubted:number} que não sabíamos se {doubted|tinha sido enviada passou|tinham sido enviadas passaram} a failed; {ended:number} já {ended|encerrada perdeu|encerradas perderam} os dados pessoais; {blanked:number} já não os {blanked|tinha|tinham}. {attempts:number} {attempts|tentativa perdeu|tentativas perderam} o que {attempts|dizia|diziam}."
  },
  "forget.suppressed": {
    "en": "The recipient stays in talkme.suppression, and gets nothing: talkme.unsuppress removes it.",
    "pt-BR": "O destinatário continua em talkme.suppression e não recebe nada: talkme.unsuppress o tira de lá."
  },
  "forget.not_suppressed": {
    "en": "The recipient is not suppressed: what is inserted from now on is sent.",
    "pt-BR": "O destinatário não está na lista de supressão: o que for inserido daqui em diante é enviado."
  },
  "retention.batch": {
    "en": "talkme.apply_retention: a batch cannot have {batch} rows",
    "pt-BR": "talkme.apply_retention: um lote não pode ter {batch} linhas"
  },
  "retention.busy": {
    "en": "Another session is doing it.",
    "pt-BR": "Outra sessão já está fazendo isso."
  },
  "retention.done": {
    "en": "Nothing is left to do.",
    "pt-BR": "Não há mais nada a fazer."
  },
  "retention.deleted": {
    "en": "Deleted {rows:number} {rows|row|rows} {after} after their end.",
    "pt-BR": "{rows:number} {rows|linha excluída|linhas excluídas}, {after} depois do fim."
  },
  "retention.blanked": {
    "en": "Blanked {rows:number} {rows|row|rows} {after} after their end.",
    "pt-BR": "{rows:number} {rows|linha ficou|linhas ficaram} sem os dados pessoais, {after} depois do fim."
  },
  "retention.refused": {
    "en": "{rows:number} could not be: {refusal}.",
    "pt-BR": "{rows:number} não {rows|pôde|puderam}: {refusal}."
  },
  "retention.attempts": {
    "en": "Deleted {rows:number} {rows|attempt|attempts} of no month.",
    "pt-BR": "{rows:number} {rows|tentativa sem mês excluída|tentativas sem mês excluídas}."
  },
  "retention.dropped": {
    "en": "Dropped talkme.{partition}.",
    "pt-BR": "A partição talkme.{partition} foi removida."
  },
  "retention.in_use": {
    "en": "A partition of talkme.attempt is in use: it is dropped another time.",
    "pt-BR": "Uma partição de talkme.attempt está em uso: fica para outra vez."
  },
  "retention.recipients": {
    "en": "Deleted {rows:number} {rows|recipient|recipients} of talkme.gap_claim.",
    "pt-BR": "{rows:number} {rows|destinatário excluído|destinatários excluídos} de talkme.gap_claim."
  },
  "retention.batch.hint": {
    "en": "Give a number from 1 to 10000; 1000 is usual.",
    "pt-BR": "Informe um número de 1 a 10000; o usual é 1000."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_holds() is 'What talkme.say says of pauses, suppressions and erasure';

grant execute on function talkme.phrases_of_holds() to public;


-- ---- language/phrases-of-reasons.sql 063b47ab7cae ----

-- What talkme.explain makes of a row that waits: a key is reason. and the code that talkme.reasons returns. explain adds the row's
-- id, and what its error says (why, sentence).
create or replace function talkme.phrases_of_reasons() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "reason.no_row": {
    "en": "There is no row {id}, or it is not yours to see.",
    "pt-BR": "Não existe a linha {id}, ou você não pode vê-la."
  },
  "reason.pending": {
    "en": "Row {id} is pending.",
    "pt-BR": "A linha {id} está na fila (pending)."
  },
  "reason.suppressed": {
    "en": "Its recipient was suppressed by {by} at {since:time} ({reason}): it is cancelled when its turn comes.",
    "pt-BR": "O destinatário entrou na lista de supressão em {since:time}, por {by} ({reason}): ela é cancelada quando chegar a vez."
  },
  "reason.expiry_passed": {
    "en": "Its expires_at passed at {expires_at:time}: it becomes expired within some 15 seconds while any syncd runs.",
    "pt-BR": "O prazo (expires_at) acabou em {expires_at:time}: ela passa a expired em uns 15 segundos, se houver algum syncd no ar."
  },
  "reason.claim_unsettled": {
    "en": "It was made pending past talkme.retry and talkme.resolve, although its message may have been sent: it becomes unknown when its turn comes.",
    "pt-BR": "Alguém a pôs na fila sem passar por talkme.retry nem talkme.resolve, e não sabemos se a mensagem já foi enviada: ela passa a unknown quando chegar a vez."
  },
  "reason.not_due": {
    "en": "It is not due until {until:time} (send_at).",
    "pt-BR": "Só pode sair a partir de {until:time} (send_at)."
  },
  "reason.retry_at": {
    "en": "It is not tried before {until:time} (retry_at).",
    "pt-BR": "Não é tentada antes de {until:time} (retry_at)."
  },
  "reason.attempt_failed": {
    "en": "Attempt {attempts} failed with {error_code}[ ({sentence})]. It is tried again at {until:time}.",
    "pt-BR": "A tentativa {attempts} falhou com {error_code}[ ({sentence})]. Nova tentativa em {until:time}."
  },
  "reason.attempt_not_counted": {
    "en": "The last attempt, which does not count, failed with {error_code}[ ({sentence})]. It is tried again at {until:time}.",
    "pt-BR": "A última tentativa, que não conta, falhou com {error_code}[ ({sentence})]. Nova tentativa em {until:time}."
  },
  "reason.held_burst": {
    "en": "It is held, because its insert brought more rows to the campaign than talkme.campaign.burst_limit. talkme.resume({scope:literal}) lets the held rows of its {of:word} go, talkme.cancel({id}) drops this one.",
    "pt-BR": "Está retida: o insert trouxe para a campanha mais linhas do que talkme.campaign.burst_limit permite. talkme.resume({scope:literal}) libera as retidas d{of:word}; talkme.cancel({id}) descarta esta."
  },
  "reason.held_duplicate": {
    "en": "It is held, because the same recipient was given the same variables a short while ago. talkme.resume({scope:literal}) lets the held rows of its {of:word} go, talkme.cancel({id}) drops this one.",
    "pt-BR": "Está retida: há pouco entrou outra mensagem para o mesmo destinatário com as mesmas variáveis. talkme.resume({scope:literal}) libera as retidas d{of:word}; talkme.cancel({id}) descarta esta."
  },
  "reason.held_by_person": {
    "en": "It is held[ by {by}][ ({note})]: talkme.resume_where lets it go, talkme.cancel({id}) drops it.",
    "pt-BR": "Está retida[ por {by}][ ({note})]: talkme.resume_where libera; talkme.cancel({id}) descarta."
  },
  "reason.held": {
    "en": "It is held, as an accident. talkme.resume({scope:literal}) lets the held rows of its {of:word} go, talkme.cancel({id}) drops this one.",
    "pt-BR": "Está retida, por suspeita de engano. talkme.resume({scope:literal}) libera as retidas d{of:word}; talkme.cancel({id}) descarta esta."
  },
  "of.campaign": {
    "en": "campaign",
    "pt-BR": "a campanha"
  },
  "of.account": {
    "en": "account",
    "pt-BR": "a conta"
  },
  "of.channel": {
    "en": "channel",
    "pt-BR": "o canal"
  },
  "of.batch": {
    "en": "batch",
    "pt-BR": "o lote"
  },
  "reason.window_closed": {
    "en": "It is outside its sending window until {until:time}.",
    "pt-BR": "Está fora da janela de envio até {until:time}."
  },
  "reason.recipient_gap": {
    "en": "Its recipient was written to a short while ago, and gets nothing more until {until:time} (recipient_gap).",
    "pt-BR": "O destinatário recebeu outra mensagem há pouco, e não recebe mais nada até {until:time} (recipient_gap)."
  },
  "reason.paused": {
    "en": "{what:word}[ {name}] is paused by {by} since {since:time} ({reason}): talkme.resume({scope:literal}) ends it.",
    "pt-BR": "{what:word}[ {name}]: envio em pausa desde {since:time}, por {by} ({reason}). talkme.resume({scope:literal}) libera."
  },
  "what.all": {
    "en": "Everything",
    "pt-BR": "Tudo"
  },
  "what.account": {
    "en": "Account",
    "pt-BR": "Conta"
  },
  "what.campaign": {
    "en": "Campaign",
    "pt-BR": "Campanha"
  },
  "what.channel": {
    "en": "Channel",
    "pt-BR": "Canal"
  },
  "what.batch": {
    "en": "Batch",
    "pt-BR": "Lote"
  },
  "reason.campaign_inactive": {
    "en": "Campaign {id_campanha} ({name}) is not active: see talkme.campaign.",
    "pt-BR": "A campanha {id_campanha} ({name}) não está ativa: veja talkme.campaign."
  },
  "reason.circuit_open": {
    "en": "The circuit of account {account}[, for the token of instance {instance} alone,] is open since {since:time}, because {kind:word}. One row is tried at {until:time}; talkme.resume('account:{account}') has it tried at once.",
    "pt-BR": "O disjuntor da conta {account}[, só para o token da instância {instance},] está aberto desde {since:time}, porque {kind:word}. Uma linha é testada em {until:time}; talkme.resume('account:{account}') faz testar já."
  },
  "reason.circuit_half_open": {
    "en": "The circuit of account {account}[, for the token of instance {instance} alone,] is open since {since:time}, because {kind:word}. One row is tried now.",
    "pt-BR": "O disjuntor da conta {account}[, só para o token da instância {instance},] está aberto desde {since:time}, porque {kind:word}. Uma linha está sendo testada agora."
  },
  "kind.not_found": {
    "en": "the API answered 404, and a third one in a row is said to lock the token",
    "pt-BR": "a API respondeu 404, e diz-se que o terceiro seguido bloqueia o token"
  },
  "kind.authentication": {
    "en": "the API refuses the account, or the proxy its login",
    "pt-BR": "a API recusa a conta, ou o proxy recusa o login"
  },
  "kind.trouble": {
    "en": "too many requests in a row came to nothing",
    "pt-BR": "muitas requisições seguidas não deram em nada"
  },
  "kind.throttled": {
    "en": "the API asked to be sent less",
    "pt-BR": "a API pediu para receber menos"
  },
  "reason.lane_not_found": {
    "en": "The API did not find the campaign or channel (404, {not_founds} in a row): its rows wait until {until:time}. If it is mended, talkme.resume({scope:literal}) has one row tried at once.",
    "pt-BR": "A API não encontrou a campanha ou o canal (404, {not_founds} {not_founds|vez seguida|vezes seguidas}): as linhas esperam até {until:time}. Se já foi corrigido, talkme.resume({scope:literal}) faz testar uma linha já."
  },
  "reason.lane_not_understood": {
    "en": "The API answered to the campaign or channel in words that no response rule knows (see the rows that are unknown): its rows wait until {until:time}. If it is mended, talkme.resume({scope:literal}) has one row tried at once.",
    "pt-BR": "A API respondeu à campanha ou ao canal com palavras que nenhuma regra de resposta conhece (veja as linhas unknown): as linhas esperam até {until:time}. Se já foi resolvido, talkme.resume({scope:literal}) faz testar uma linha já."
  },
  "reason.no_instance": {
    "en": "No syncd is running: talkme.instance has none that was heard of within its lease.",
    "pt-BR": "Não há nenhum syncd no ar: nenhum de talkme.instance deu sinal de vida dentro do prazo (lease)."
  },
  "reason.no_standby": {
    "en": "Claims wait for a synchronous standby (TALKME_CLAIM_DURABILITY=standby), and the server names none: see synchronous_standby_names.",
    "pt-BR": "O envio depende de um standby síncrono (TALKME_CLAIM_DURABILITY=standby), e o servidor não tem nenhum: veja synchronous_standby_names."
  },
  "reason.local_claims_refused": {
    "en": "No running syncd has TALKME_CLAIM_DURABILITY=standby, and talkme.history asks for it: set it, or call talkme.allow_local_claims.",
    "pt-BR": "Nenhum syncd no ar tem TALKME_CLAIM_DURABILITY=standby, que talkme.history exige: configure assim, ou chame talkme.allow_local_claims."
  },
  "reason.account_unserved": {
    "en": "No running syncd is configured for account {account}: see syncd check.",
    "pt-BR": "Nenhum syncd no ar está configurado para a conta {account}: veja syncd check."
  },
  "reason.rate_used_up": {
    "en": "The rate of {of:word} {name} is used up until {until:time}.",
    "pt-BR": "O limite de envios por segundo d{of:word} {name} está esgotado até {until:time}."
  },
  "reason.next": {
    "en": "It is the next of its account, campaign and channel.",
    "pt-BR": "É a próxima da sua conta, campanha e canal."
  },
  "reason.queue": {
    "en": "It waits for its turn: {ahead:number} due {ahead|row|rows} of its account, campaign and channel {ahead|stands|stand} before it.",
    "pt-BR": "Espera a vez: há {ahead:number} {ahead|linha|linhas} da sua conta, campanha e canal na frente."
  },
  "reason.long_queue": {
    "en": "It waits for its turn: {ahead:number} due rows or more of its account, campaign and channel stand before it.",
    "pt-BR": "Espera a vez: há {ahead:number} linhas ou mais da sua conta, campanha e canal na frente."
  },
  "reason.due_long": {
    "en": "It has been due since {since:time}; if nothing of account {account} is sent, syncd may not be configured for it: see syncd check.",
    "pt-BR": "Já podia ter saído em {since:time}; se nada da conta {account} sai, o syncd pode não estar configurado para ela: veja syncd check."
  },
  "reason.goes_at": {
    "en": "If nothing changes, it goes at about {at:time}.",
    "pt-BR": "Se nada mudar, sai por volta de {at:time}."
  },
  "reason.goes_not_before": {
    "en": "If nothing changes, it goes at {at:time} at the earliest.",
    "pt-BR": "Se nada mudar, não sai antes de {at:time}."
  },
  "reason.goes_now": {
    "en": "It goes within seconds.",
    "pt-BR": "Sai em segundos."
  },
  "reason.stays": {
    "en": "It stays until somebody changes that.",
    "pt-BR": "Fica parada até alguém resolver isso."
  },
  "reason.expires_first": {
    "en": "If nothing changes, it is not sent: it becomes expired at {at:time}.",
    "pt-BR": "Se nada mudar, não é enviada: passa a expired em {at:time}."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_reasons() is 'What talkme.say says of a row that waits';

grant execute on function talkme.phrases_of_reasons() to public;


-- ---- language/phrases-of-ends.sql ab317d5d1026 ----

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


-- ---- language/phrases-of-errors.sql adb16179a28f ----

-- What an error_code means, where the sentence that syncd has stored beside it is not in the reader's language, or was removed. A part
-- in brackets quotes that sentence where its particulars matter. The codes: docs/errors.md.
create or replace function talkme.phrases_of_errors() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "error.invalid_phone": {
    "en": "the number is not one that exists",
    "pt-BR": "o número não existe"
  },
  "error.invalid_phone_length": {
    "en": "the number has too few or too many digits",
    "pt-BR": "o número tem algarismos de menos ou de mais"
  },
  "error.invalid_ddd": {
    "en": "there is no such DDD",
    "pt-BR": "esse DDD não existe"
  },
  "error.ambiguous_phone": {
    "en": "the digits of this foreign number are also those of a Brazilian one",
    "pt-BR": "os algarismos deste número estrangeiro são também os de um brasileiro"
  },
  "error.recipient_mismatch": {
    "en": "database and syncd read the number or address differently: write it with + and all digits, or as a plain ASCII address",
    "pt-BR": "o banco e o syncd leem o número ou o endereço de formas diferentes: escreva com + e todos os algarismos, ou um endereço simples em ASCII"
  },
  "error.invalid_text": {
    "en": "a value has a line break, a tab, another control character or more than four spaces",
    "pt-BR": "um valor tem quebra de linha, tab, outro caractere de controle ou mais de quatro espaços"
  },
  "error.invalid_email": {
    "en": "email_dest is not one e-mail address in ASCII",
    "pt-BR": "email_dest não é um endereço de e-mail em ASCII"
  },
  "error.invalid_message": {
    "en": "the message does not have the shape that the API takes[ ({error})]",
    "pt-BR": "a mensagem não tem a forma que a API aceita[ ({error})]"
  },
  "error.row_unclaimable": {
    "en": "PostgreSQL refuses to hand out the row: a trigger or constraint refuses it, or it came around the checks of the insert[ ({error})]",
    "pt-BR": "o PostgreSQL não deixa o syncd pegar a linha: um gatilho ou uma restrição a recusa, ou ela entrou sem passar pelas verificações do insert[ ({error})]"
  },
  "error.unknown_field": {
    "en": "info_contato has a variable that the API does not know[ ({error})]",
    "pt-BR": "info_contato tem uma variável que a API não conhece[ ({error})]"
  },
  "error.missing_recipient": {
    "en": "neither numero_dest nor email_dest is given",
    "pt-BR": "faltam numero_dest e email_dest"
  },
  "error.missing_target": {
    "en": "neither id_campanha nor id_wpp is given",
    "pt-BR": "faltam id_campanha e id_wpp"
  },
  "error.wrong_method": {
    "en": "the method without variables cannot carry a field of the message: give info_contato or email_dest too",
    "pt-BR": "o método sem variáveis não leva um dos campos da mensagem: informe também info_contato ou email_dest"
  },
  "error.not_found": {
    "en": "the API answered 404: check id_campanha and id_wpp before anything else is sent",
    "pt-BR": "a API respondeu 404: confira id_campanha e id_wpp antes de enviar qualquer outra coisa"
  },
  "error.request_rejected": {
    "en": "the API refuses the request: read response, and correct the row[ ({error})]",
    "pt-BR": "a API recusou o pedido: leia response e corrija a linha[ ({error})]"
  },
  "error.rejected_by_api": {
    "en": "the API reports a failure: read response, and correct the row[ ({error})]",
    "pt-BR": "a API informou uma falha: leia response e corrija a linha[ ({error})]"
  },
  "error.dns_failed": {
    "en": "the API's host name could not be resolved",
    "pt-BR": "não foi possível resolver o nome do servidor da API (DNS)"
  },
  "error.connection_refused": {
    "en": "the API's host refused the connection",
    "pt-BR": "o servidor da API recusou a conexão"
  },
  "error.connect_timeout": {
    "en": "no connection was made within 10 seconds",
    "pt-BR": "não houve conexão em 10 segundos"
  },
  "error.tls_failed": {
    "en": "the TLS handshake failed",
    "pt-BR": "a negociação TLS falhou"
  },
  "error.connection_failed": {
    "en": "the connection could not be made[ ({error})]",
    "pt-BR": "não foi possível conectar[ ({error})]"
  },
  "error.proxy_unreachable": {
    "en": "the proxy could not be connected to[ ({error})]",
    "pt-BR": "não foi possível conectar ao proxy[ ({error})]"
  },
  "error.proxy_authentication_failed": {
    "en": "the proxy refuses its user and password, or wants some",
    "pt-BR": "o proxy recusou o usuário e a senha, ou exige que haja"
  },
  "error.proxy_refused": {
    "en": "the proxy opened no tunnel to the API[ ({error})]",
    "pt-BR": "o proxy não abriu um túnel até a API[ ({error})]"
  },
  "error.proxy_failed": {
    "en": "the proxy gave no answer, or one that is not HTTP[ ({error})]",
    "pt-BR": "o proxy não respondeu, ou respondeu algo que não é HTTP[ ({error})]"
  },
  "error.connection_lost_before_send": {
    "en": "the connection closed before a byte was written",
    "pt-BR": "a conexão caiu antes de sair um byte sequer"
  },
  "error.timeout_before_send": {
    "en": "the time ran out while the request waited for a connection",
    "pt-BR": "o tempo acabou enquanto o pedido esperava uma conexão"
  },
  "error.dispatch_failed": {
    "en": "the HTTP library refused to take the request[ ({error})]",
    "pt-BR": "a biblioteca HTTP não aceitou o pedido[ ({error})]"
  },
  "error.rate_limited": {
    "en": "the API answered 429: too many requests",
    "pt-BR": "a API respondeu 429: envios demais"
  },
  "error.service_unavailable": {
    "en": "the API answered 503: it is down or overloaded",
    "pt-BR": "a API respondeu 503: está fora do ar ou sobrecarregada"
  },
  "error.authentication_failed": {
    "en": "the API refuses the account, not the message",
    "pt-BR": "a API recusou a conta, e não a mensagem"
  },
  "error.circuit_open": {
    "en": "the account's circuit opened while the row was being claimed",
    "pt-BR": "o disjuntor da conta abriu no momento em que a linha era pega"
  },
  "error.claim_late": {
    "en": "the answer to its claim came too late to send it safely",
    "pt-BR": "a confirmação de que a linha era deste syncd chegou tarde demais para enviar com segurança"
  },
  "error.aborted_before_send": {
    "en": "syncd stopped before a byte was written",
    "pt-BR": "o syncd parou antes de sair um byte sequer"
  },
  "error.client_closed": {
    "en": "syncd stopped before a byte was written",
    "pt-BR": "o syncd parou antes de sair um byte sequer"
  },
  "error.timeout": {
    "en": "no whole answer came within the time-out",
    "pt-BR": "a resposta inteira não chegou dentro do tempo limite"
  },
  "error.aborted": {
    "en": "syncd was stopped while the request was on the wire",
    "pt-BR": "o syncd foi parado com o pedido a caminho"
  },
  "error.connection_lost": {
    "en": "the connection broke after the request may have left",
    "pt-BR": "a conexão caiu quando o pedido já podia ter saído"
  },
  "error.response_incomplete": {
    "en": "the answer began but did not arrive whole",
    "pt-BR": "a resposta começou, mas não chegou inteira"
  },
  "error.response_malformed": {
    "en": "what came back is not HTTP",
    "pt-BR": "o que voltou não é HTTP"
  },
  "error.answer_out_of_step": {
    "en": "more came back than one answer, or it came too early: it may be another's",
    "pt-BR": "veio mais de uma resposta, ou veio cedo demais: pode ser a de outro pedido"
  },
  "error.redirected": {
    "en": "the API answered with a redirect, which is never followed",
    "pt-BR": "a API respondeu com um redirecionamento, que nunca é seguido"
  },
  "error.server_error": {
    "en": "the API answered with an error of its own[ ({error})]",
    "pt-BR": "a API respondeu com um erro interno dela[ ({error})]"
  },
  "error.response_empty": {
    "en": "the API answered 200 with nothing in it",
    "pt-BR": "a API respondeu 200 sem conteúdo"
  },
  "error.response_html": {
    "en": "a web page came back, as a firewall answers",
    "pt-BR": "voltou uma página da web, como as de um firewall"
  },
  "error.response_not_text": {
    "en": "something came back that is not text",
    "pt-BR": "voltou algo que não é texto"
  },
  "error.response_too_long": {
    "en": "more than 64 KiB came back, of which the rest was not read",
    "pt-BR": "voltaram mais de 64 KiB, e o resto não foi lido"
  },
  "error.response_unrecognized": {
    "en": "the API answered in words that no response rule knows[ ({error})]",
    "pt-BR": "a API respondeu com palavras que nenhuma regra de resposta conhece[ ({error})]"
  },
  "error.instance_lost": {
    "en": "the instance died, or was silent for too long, while it had the row",
    "pt-BR": "a instância caiu, ou ficou muda tempo demais, com a linha na mão"
  },
  "error.answer_forgotten": {
    "en": "the row was sending although its answer had been written: something has undone that",
    "pt-BR": "a linha estava em sending, embora a resposta já tivesse sido gravada: algo desfez a gravação"
  },
  "error.history_changed": {
    "en": "the database has lost a part of its history in which the row may have been sent[ ({error})]",
    "pt-BR": "o banco perdeu um pedaço da história, e nele a linha pode ter sido enviada[ ({error})]"
  },
  "error.row_changed": {
    "en": "Talk.me accepted the message for another recipient than the row has now",
    "pt-BR": "o Talk.me aceitou a mensagem para outro destinatário que não o que está na linha agora"
  },
  "error.claim_unsettled": {
    "en": "it was made pending past talkme.retry and talkme.resolve, although its message may have been sent",
    "pt-BR": "alguém a pôs na fila sem passar por talkme.retry nem talkme.resolve, e não sabemos se a mensagem já foi enviada"
  },
  "error.answer_refused": {
    "en": "a trigger or constraint of the database refuses what the answer says of the row[ ({error})]",
    "pt-BR": "um gatilho ou uma restrição do banco recusa o que a resposta diz da linha[ ({error})]"
  },
  "error.internal_error": {
    "en": "a defect of syncd while it handled the row: its log has the place",
    "pt-BR": "um defeito do syncd ao tratar a linha: o log dele diz onde"
  },
  "error.expired": {
    "en": "expires_at passed before it was sent",
    "pt-BR": "o prazo (expires_at) acabou antes do envio"
  },
  "error.suppressed": {
    "en": "the recipient is suppressed (talkme.suppression) and gets nothing",
    "pt-BR": "o destinatário está na lista de supressão (talkme.suppression) e não recebe nada"
  },
  "error.forgotten": {
    "en": "the person's data was erased by talkme.forget",
    "pt-BR": "os dados da pessoa foram apagados por talkme.forget"
  },
  "error.outside_window": {
    "en": "the sending window is closed where the recipient is",
    "pt-BR": "a janela de envio está fechada onde está o destinatário"
  },
  "error.recipient_gap": {
    "en": "another message went to the recipient a short time ago",
    "pt-BR": "outra mensagem foi ao destinatário há pouco"
  },
  "error.batch_paused": {
    "en": "its batch is paused (talkme.paused)",
    "pt-BR": "o lote está em pausa (talkme.paused)"
  },
  "error.held": {
    "en": "a person holds it",
    "pt-BR": "uma pessoa a reteve"
  },
  "error.held_burst": {
    "en": "its insert brought the campaign more rows than its burst_limit",
    "pt-BR": "o insert trouxe para a campanha mais linhas do que o burst_limit"
  },
  "error.held_duplicate": {
    "en": "the same recipient was given the same variables a short while ago",
    "pt-BR": "há pouco entrou outra mensagem para o mesmo destinatário com as mesmas variáveis"
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_errors() is 'What talkme.say says of an error_code';

grant execute on function talkme.phrases_of_errors() to public;


-- ---- language/phrases-of-history.sql 8bf095f47e05 ----

-- After a failover, a restore or a copy.
create or replace function talkme.phrases_of_history() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "history_notice": {
    "en": "Nothing is sent: this is not the database in which the messages were last marked ({changes})[, noticed at {since:time}][{unnoticed}]. Messages that were sent after the last mark that it has would be sent again. Look at talkme.history_doubts(); then, as a member of talkme_operator, select talkme.acknowledge_history('why')[, from {acknowledgeable_at:time} on].[ The instances remember {missing_claims} {missing_claims|claim|claims} that it has lost.]",
    "pt-BR": "Nada sai: este não é o banco em que as mensagens foram marcadas por último ({changes})[, notado em {since:time}][{unnoticed}]. O que foi enviado depois da última marca que ele tem seria enviado de novo. Olhe talkme.history_doubts(); depois, como membro de talkme_operator, select talkme.acknowledge_history('motivo')[, a partir de {acknowledgeable_at:time}].[ As instâncias se lembram de {missing_claims} {missing_claims|envio iniciado|envios iniciados} que ele perdeu.]"
  },
  "history_notice.system": {
    "en": "system identifier {system_identifier} instead of {was_system_identifier}",
    "pt-BR": "identificador do servidor {system_identifier} em vez de {was_system_identifier}"
  },
  "history_notice.timeline": {
    "en": "timeline {timeline} instead of {was_timeline}",
    "pt-BR": "linha do tempo (timeline) {timeline} em vez de {was_timeline}"
  },
  "history_notice.unnoticed": {
    "en": ", which no instance of syncd has noticed yet",
    "pt-BR": ", o que nenhuma instância do syncd notou ainda"
  },
  "acknowledge.reason": {
    "en": "an acknowledgement needs a reason",
    "pt-BR": "o reconhecimento precisa de um motivo"
  },
  "acknowledge.reason.hint": {
    "en": "Say what happened and what you looked at: talkme.acknowledge_history('failover to b; the rows of history_doubts() are resolved').",
    "pt-BR": "Diga o que houve e o que você conferiu: talkme.acknowledge_history('failover para b; as linhas de history_doubts() estão resolvidas')."
  },
  "acknowledge.unchanged": {
    "en": "there is nothing to acknowledge: the database is the one in which the messages were marked",
    "pt-BR": "não há o que reconhecer: o banco é o mesmo em que as mensagens foram marcadas"
  },
  "acknowledge.unchanged.hint": {
    "en": "talkme.history says when it was last acknowledged, by whom, and why.",
    "pt-BR": "talkme.history diz quando foi o último reconhecimento, de quem e por quê."
  },
  "acknowledge.early": {
    "en": "the change can be acknowledged from {at:time} on",
    "pt-BR": "a mudança só pode ser reconhecida a partir de {at:time}"
  },
  "acknowledge.early.hint": {
    "en": "By then, a lease and the longest request after it was noticed, the instances have written down what they remember of it, and nothing that they claimed before is on the wire any more. talkme.check_history() notices a change where no instance of syncd runs.",
    "pt-BR": "Até lá (um prazo de vida, lease, e a requisição mais longa depois de notada), as instâncias já anotaram o que lembram, e nada do que pegaram antes está mais a caminho. Onde não há syncd no ar, talkme.check_history() nota a mudança."
  },
  "acknowledge.done": {
    "en": "Acknowledged: timeline {timeline} of server {server} is the history from now on. Rows that are pending are sent.",
    "pt-BR": "Reconhecido: a linha do tempo (timeline) {timeline} do servidor {server} é a história daqui em diante. As linhas na fila (pending) voltam a sair."
  },
  "local_claims.reason": {
    "en": "allowing local claims needs a reason",
    "pt-BR": "liberar sem standby precisa de um motivo"
  },
  "local_claims.reason.hint": {
    "en": "Say why a standby confirms claims no longer: talkme.allow_local_claims('the standby is gone for good').",
    "pt-BR": "Diga por que não há mais standby que confirme: talkme.allow_local_claims('o standby foi desativado')."
  },
  "local_claims.unchanged": {
    "en": "Instances with TALKME_CLAIM_DURABILITY=local may claim: nothing has changed.",
    "pt-BR": "Instâncias com TALKME_CLAIM_DURABILITY=local já podem enviar: nada mudou."
  },
  "local_claims.done": {
    "en": "Instances with TALKME_CLAIM_DURABILITY=local claim again. After a failover, nothing is sent until a person acknowledges it.",
    "pt-BR": "Instâncias com TALKME_CLAIM_DURABILITY=local voltam a enviar. Depois de um failover, nada sai até que uma pessoa o reconheça."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_history() is 'What talkme.say says of a database that is not the acknowledged one';

grant execute on function talkme.phrases_of_history() to public;


-- ---- language/phrases-of-settings.sql dbd9888908cd ----

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


-- ---- language/phrases-of-captures.sql 0cafd2923880 ----

-- Messages from a customer's own tables: what is refused when a capture is created, and what was done.
create or replace function talkme.phrases_of_captures() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "capture_name": {
    "en": "{name:literal} cannot be the name of a capture",
    "pt-BR": "{name:literal} não pode ser o nome de uma captura"
  },
  "capture_name.hint": {
    "en": "A name has up to 40 small letters, digits and _, and begins with a letter: name => 'shipped'.",
    "pt-BR": "O nome tem até 40 letras minúsculas, algarismos e _, e começa com uma letra: name => 'enviado'."
  },
  "capture_events": {
    "en": "events is none that can be captured",
    "pt-BR": "events não é nada que se possa capturar"
  },
  "capture_events.hint": {
    "en": "Write 'insert', 'update' or 'insert or update'.",
    "pt-BR": "Escreva 'insert', 'update' ou 'insert or update'."
  },
  "capture_on_error": {
    "en": "on_error is neither block nor record",
    "pt-BR": "on_error não é nem block nem record"
  },
  "capture_on_error.hint": {
    "en": "block fails the transaction of whoever changes the row; record lets it through and writes to talkme.capture_error.",
    "pt-BR": "block faz falhar a transação de quem muda a linha; record deixa passar e escreve em talkme.capture_error."
  },
  "capture_settings": {
    "en": "each_time is true or false",
    "pt-BR": "each_time é true ou false"
  },
  "capture_settings.hint": {
    "en": "Leave it out for false.",
    "pt-BR": "Deixe de fora: vale false."
  },
  "capture_settings.all": {
    "en": "each_time, replace and print are true or false",
    "pt-BR": "each_time, replace e print são true ou false"
  },
  "capture_settings.all.hint": {
    "en": "Leave them out for false.",
    "pt-BR": "Deixe de fora: vale false."
  },
  "capture_when.length": {
    "en": "the condition (when) has {characters} characters",
    "pt-BR": "a condição (when) tem {characters} caracteres"
  },
  "capture_when.none": {
    "en": "the condition (when) has no characters",
    "pt-BR": "a condição (when) não tem nenhum caractere"
  },
  "capture_when.hint": {
    "en": "Write an SQL expression of at most {longest} characters; put a longer one into a function of yours.",
    "pt-BR": "Escreva uma expressão SQL de até {longest} caracteres; ponha uma maior em uma função sua."
  },
  "capture_when.no_column": {
    "en": "the condition (when) depends on no column, so that no update makes it true",
    "pt-BR": "a condição (when) não depende de nenhuma coluna, e por isso nenhum update a torna verdadeira"
  },
  "capture_when.no_column.hint": {
    "en": "Give a condition, or each_time => true for a message with each update, or events => 'insert'.",
    "pt-BR": "Informe uma condição, ou each_time => true para uma mensagem a cada update, ou events => 'insert'."
  },
  "capture_map_object": {
    "en": "the map is no JSON object",
    "pt-BR": "o mapa não é um objeto JSON"
  },
  "capture_map_object.hint": {
    "en": "Write the outbox's columns with SQL expressions: {\"numero_dest\": \"customer_phone\", \"id_campanha\": 123456}.",
    "pt-BR": "Escreva as colunas da outbox com expressões SQL: {\"numero_dest\": \"telefone_cliente\", \"id_campanha\": 123456}."
  },
  "capture_map_known": {
    "en": "the map has the entry {entry}, which is nothing that a message has",
    "pt-BR": "o mapa tem a entrada {entry}, que não existe em uma mensagem"
  },
  "capture_map_known.hint": {
    "en": "A message has {columns}; and info_contato. followed by {variables}.",
    "pt-BR": "Uma mensagem tem {columns}; e info_contato. seguido de {variables}."
  },
  "capture_map_value": {
    "en": "the entry {entry} is no SQL expression",
    "pt-BR": "a entrada {entry} não é uma expressão SQL"
  },
  "capture_map_value.hint": {
    "en": "Write an expression as a JSON string, a number as it is, and a text that is always the same as {\"value\": \"text\"}.",
    "pt-BR": "Escreva uma expressão como texto JSON, um número como está, e um texto que é sempre o mesmo como {\"value\": \"texto\"}."
  },
  "capture_map_value.info_contato.hint": {
    "en": "Write an expression of type jsonb as a JSON string, or variables that are always the same as {\"value\": {\"nome\": \"text\"}}.",
    "pt-BR": "Escreva uma expressão do tipo jsonb como texto JSON, ou variáveis que são sempre as mesmas como {\"value\": {\"nome\": \"texto\"}}."
  },
  "capture_map_value.length": {
    "en": "the entry {entry} has {characters} characters",
    "pt-BR": "a entrada {entry} tem {characters} caracteres"
  },
  "capture_map_value.length.hint": {
    "en": "An expression has at most {longest}: put a longer one into a function of yours.",
    "pt-BR": "Uma expressão tem no máximo {longest}: ponha uma maior em uma função sua."
  },
  "capture_map_info_contato": {
    "en": "the map has both info_contato and single variables of it",
    "pt-BR": "o mapa tem info_contato e também variáveis avulsas dele"
  },
  "capture_map_info_contato.hint": {
    "en": "Give info_contato as one jsonb expression, or each variable as info_contato.nome and so on.",
    "pt-BR": "Informe info_contato como uma só expressão jsonb, ou cada variável como info_contato.nome e assim por diante."
  },
  "capture_recipient_given": {
    "en": "the map gives the message no recipient",
    "pt-BR": "o mapa não dá destinatário à mensagem"
  },
  "capture_recipient_given.hint": {
    "en": "Map numero_dest, email_dest, or both.",
    "pt-BR": "Mapeie numero_dest, email_dest ou os dois."
  },
  "capture_target_given": {
    "en": "the map gives the message neither a campaign nor a channel",
    "pt-BR": "o mapa não dá à mensagem nem campanha nem canal"
  },
  "capture_target_given.hint": {
    "en": "Map id_campanha, id_wpp, or both.",
    "pt-BR": "Mapeie id_campanha, id_wpp ou os dois."
  },
  "capture_table.given": {
    "en": "no table is given",
    "pt-BR": "não foi informada nenhuma tabela"
  },
  "capture_table.given.hint": {
    "en": "Give its name, such as 'public.orders'.",
    "pt-BR": "Informe o nome, como 'public.pedidos'."
  },
  "capture_table": {
    "en": "{table} is not a table of yours that keeps its rows",
    "pt-BR": "{table} não é uma tabela sua que guarde as linhas"
  },
  "capture_table.hint": {
    "en": "Give an ordinary or partitioned table: no view, foreign or temporary table, and none of the schema talkme.",
    "pt-BR": "Informe uma tabela comum ou particionada: nada de view, tabela externa ou temporária, nem do esquema talkme."
  },
  "capture_owner": {
    "en": "{table} belongs to {owner}",
    "pt-BR": "{table} pertence a {owner}"
  },
  "capture_owner.hint": {
    "en": "Only the owner of a table may have its rows captured, for the expressions run with the owner's rights.",
    "pt-BR": "Só o dono de uma tabela pode capturar as linhas dela, porque as expressões rodam com os direitos do dono."
  },
  "capture_owner.other": {
    "en": "{table} does not belong to {caller}",
    "pt-BR": "{table} não pertence a {caller}"
  },
  "capture_owner.other.hint": {
    "en": "Only the owner of a table may have its rows captured.",
    "pt-BR": "Só o dono de uma tabela pode capturar as linhas dela."
  },
  "capture_owner.drop": {
    "en": "the capture {name} does not belong to {caller}",
    "pt-BR": "a captura {name} não pertence a {caller}"
  },
  "capture_owner.drop.hint": {
    "en": "Only the owner of its table may drop it.",
    "pt-BR": "Só o dono da tabela dela pode removê-la."
  },
  "capture_exists": {
    "en": "there is a capture {name} already",
    "pt-BR": "já existe uma captura {name}"
  },
  "capture_exists.hint": {
    "en": "Give it another name, or replace => true, or first talkme.drop_capture.",
    "pt-BR": "Dê outro nome, ou replace => true, ou antes talkme.drop_capture."
  },
  "capture_producer": {
    "en": "{owner}, the owner of {table}, may not insert into talkme.outbox",
    "pt-BR": "{owner}, dono de {table}, não pode inserir em talkme.outbox"
  },
  "capture_producer.hint": {
    "en": "A capture inserts with the rights of the table's owner: grant talkme_producer to {owner}.",
    "pt-BR": "A captura insere com os direitos do dono da tabela: grant talkme_producer to {owner}."
  },
  "capture_known": {
    "en": "there is no capture {name:literal}",
    "pt-BR": "não existe a captura {name:literal}"
  },
  "capture_known.hint": {
    "en": "select name, source from talkme.captures lists them.",
    "pt-BR": "select name, source from talkme.captures mostra as que existem."
  },
  "capture_known.recording": {
    "en": "there is no capture {name} of {caller} that records its errors",
    "pt-BR": "não existe uma captura {name} de {caller} que registre os erros"
  },
  "capture_known.recording.hint": {
    "en": "See talkme.captures.",
    "pt-BR": "Veja talkme.captures."
  },
  "capture_known.trigger": {
    "en": "{table} has no trigger of a capture {name:literal}",
    "pt-BR": "{table} não tem o gatilho de uma captura {name:literal}"
  },
  "capture_known.trigger.hint": {
    "en": "Call talkme.capture.",
    "pt-BR": "Chame talkme.capture."
  },
  "capture.moves_unseen": {
    "en": "talkme.capture: an update that moves a row of {table} to another partition is not seen",
    "pt-BR": "talkme.capture: um update que muda uma linha de {table} de partição não é percebido"
  },
  "capture.moves_unseen.hint": {
    "en": "To PostgreSQL it is an insert: capture 'insert or update', with a dedupe_key.",
    "pt-BR": "Para o PostgreSQL é um insert: capture 'insert or update', com uma dedupe_key."
  },
  "capture.moves_seen": {
    "en": "talkme.capture: an update that moves a row of {table} to another partition is seen as an insert",
    "pt-BR": "talkme.capture: um update que muda uma linha de {table} de partição é visto como insert"
  },
  "capture.moves_seen.hint": {
    "en": "Map dedupe_key, so that a row that met the condition before brings no second message.",
    "pt-BR": "Mapeie dedupe_key, para que uma linha que já atendia à condição não traga uma segunda mensagem."
  },
  "capture.on": {
    "en": "The capture {name} is on: {event:word} of {table} that {meets:word} the condition becomes a message.",
    "pt-BR": "A captura {name} está ligada: {event:word} de {table} que {meets:word} à condição vira uma mensagem."
  },
  "event.insert": {
    "en": "an inserted row",
    "pt-BR": "uma linha inserida"
  },
  "event.update": {
    "en": "an updated row",
    "pt-BR": "uma linha alterada"
  },
  "event.insert_or_update": {
    "en": "an inserted or updated row",
    "pt-BR": "uma linha inserida ou alterada"
  },
  "meets.each_time": {
    "en": "meets",
    "pt-BR": "atende"
  },
  "meets.once": {
    "en": "comes to meet",
    "pt-BR": "passa a atender"
  },
  "broken.table": {
    "en": "its table is gone",
    "pt-BR": "a tabela dela não existe mais"
  },
  "broken.functions": {
    "en": "its functions are gone from the schema {schema}",
    "pt-BR": "as funções dela não estão mais no esquema {schema}"
  },
  "broken.trigger": {
    "en": "its trigger is gone",
    "pt-BR": "o gatilho dela não existe mais"
  },
  "broken.owner": {
    "en": "the table was given to another owner",
    "pt-BR": "a tabela passou a outro dono"
  },
  "broken.map": {
    "en": "its map is no JSON object",
    "pt-BR": "o mapa dela não é um objeto JSON"
  },
  "broken.producer": {
    "en": "the table's owner may not insert into talkme.outbox",
    "pt-BR": "o dono da tabela não pode inserir em talkme.outbox"
  },
  "off.trigger": {
    "en": "its trigger is disabled",
    "pt-BR": "o gatilho dela está desligado"
  },
  "capture.dropped": {
    "en": "The capture {name} is gone. Messages that it inserted stay.",
    "pt-BR": "A captura {name} foi removida. As mensagens que ela inseriu ficam."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_captures() is 'What talkme.say says of captures';

grant execute on function talkme.phrases_of_captures() to public;


-- ---- language/phrases-of-expressions.sql ff8ceac9ecd0 ----

-- What is wrong with the expressions of a capture, when it is created and when it meets a row.
create or replace function talkme.phrases_of_expressions() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "capture_expression.when": {
    "en": "the condition (when) is wrong: {fault}",
    "pt-BR": "a condição (when) está errada: {fault}"
  },
  "capture_expression.entry": {
    "en": "the entry {entry} is wrong: {fault}",
    "pt-BR": "a entrada {entry} está errada: {fault}"
  },
  "capture_expression.when.hint": {
    "en": "Write one SQL expression over the bare names of the columns of {table}; a text that is always the same is {\"value\": \"text\"}.",
    "pt-BR": "Escreva uma expressão SQL com os nomes simples das colunas de {table}; um texto que é sempre o mesmo é {\"value\": \"texto\"}."
  },
  "capture_expression.entry.hint": {
    "en": "Write one SQL expression over the bare names of the columns of {table}, which can be cast to {type}; a text that is always the same is {\"value\": \"text\"}.",
    "pt-BR": "Escreva uma expressão SQL com os nomes simples das colunas de {table}, que possa ser convertida em {type}; um texto que é sempre o mesmo é {\"value\": \"texto\"}."
  },
  "capture_expression.jsonb": {
    "en": "it is not jsonb",
    "pt-BR": "ela não é jsonb"
  },
  "capture_expression.jsonb.hint": {
    "en": "Write an expression of type jsonb, such as jsonb_build_object('nome', customer), or single variables: info_contato.nome.",
    "pt-BR": "Escreva uma expressão do tipo jsonb, como jsonb_build_object('nome', cliente), ou variáveis avulsas: info_contato.nome."
  },
  "capture_expression.row": {
    "en": "{entry} uses the whole row or a system column",
    "pt-BR": "{entry} usa a linha inteira ou uma coluna de sistema"
  },
  "capture_expression.row.hint": {
    "en": "Name the columns that it needs.",
    "pt-BR": "Escreva as colunas de que precisa."
  },
  "capture_expression.virtual": {
    "en": "{entry} uses the virtual generated column {column}",
    "pt-BR": "{entry} usa a coluna gerada virtual {column}"
  },
  "capture_expression.virtual.hint": {
    "en": "PostgreSQL does not work it out for triggers: write its expression, or make it STORED.",
    "pt-BR": "O PostgreSQL não a calcula para gatilhos: escreva a expressão dela, ou faça-a STORED."
  },
  "capture_function_owner": {
    "en": "{entry} uses {function}, which belongs to {owner}",
    "pt-BR": "{entry} usa {function}, que pertence a {owner}"
  },
  "capture_function_owner.hint": {
    "en": "It would run with the rights of {table_owner}: use functions of {table_owner} or of a superuser.",
    "pt-BR": "Ela rodaria com os direitos de {table_owner}: use funções de {table_owner} ou de um superusuário."
  },
  "capture.path": {
    "en": "talkme.capture: {entry} uses {function}, which runs with search_path = pg_catalog, pg_temp",
    "pt-BR": "talkme.capture: {entry} usa {function}, que roda com search_path = pg_catalog, pg_temp"
  },
  "capture.path.hint": {
    "en": "If it uses names without a schema, give it its own: alter function {function} set search_path = ...",
    "pt-BR": "Se ela usa nomes sem esquema, dê a ela o seu: alter function {function} set search_path = ..."
  },
  "capture_failed.server": {
    "en": "capture {capture}: {fault}",
    "pt-BR": "captura {capture}: {fault}"
  },
  "capture_broken": {
    "en": "capture {capture} is broken: a function of it is gone",
    "pt-BR": "a captura {capture} está quebrada: uma função dela não existe mais"
  },
  "capture_broken.hint": {
    "en": "Drop it with talkme.drop_capture({capture:literal}), or create it again with talkme.capture and replace => true.",
    "pt-BR": "Remova-a com talkme.drop_capture({capture:literal}), ou crie de novo com talkme.capture e replace => true."
  },
  "capture_failed.hint": {
    "en": "Correct the row, or the map: select map from talkme.captures where name = {capture:literal}.",
    "pt-BR": "Corrija a linha, ou o mapa: select map from talkme.captures where name = {capture:literal}."
  },
  "capture_failed.recorded": {
    "en": "Nothing was sent for the row: once it is corrected, let it meet the condition again, or insert the message yourself.",
    "pt-BR": "Nada foi enviado para a linha: depois de corrigida, faça-a atender de novo à condição, ou insira a mensagem você mesmo."
  },
  "capture_failed": {
    "en": "capture {capture}: {entry} cannot be worked out: {fault}",
    "pt-BR": "captura {capture}: não foi possível calcular {entry}: {fault}"
  },
  "capture_failed.message": {
    "en": "the message",
    "pt-BR": "a mensagem"
  },
  "capture_failed.row": {
    "en": "Row of the table: {table} {key}.",
    "pt-BR": "Linha da tabela: {table} {key}."
  },
  "capture_failed.keyless": {
    "en": "(no primary key)",
    "pt-BR": "(sem chave primária)"
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_expressions() is 'What talkme.say says of the expressions of a capture';

grant execute on function talkme.phrases_of_expressions() to public;


-- ---- language/phrases.sql d834d42d6e0f ----

-- Every sentence that SQL says to people, in each language: {key: {"en": ..., "pt-BR": ...}}. A constant to the planner, so that a
-- phrase is found by a binary search in what a session has read once; a table would have to be migrated and granted.
create or replace function talkme.phrases() returns jsonb
language sql immutable parallel safe
return talkme.phrases_of_message() || talkme.phrases_of_insert() || talkme.phrases_of_actions() || talkme.phrases_of_rights()
  || talkme.phrases_of_lists() || talkme.phrases_of_holds() || talkme.phrases_of_reasons() || talkme.phrases_of_ends()
  || talkme.phrases_of_errors() || talkme.phrases_of_history() || talkme.phrases_of_settings() || talkme.phrases_of_setting_changes()
  || talkme.phrases_of_captures() || talkme.phrases_of_expressions();

comment on function talkme.phrases() is 'All sentences for people, by key and language; how they are written: talkme.say_parameter';

grant execute on function talkme.phrases() to public;


-- ---- language/say-time.sql c0816d3f0c65 ----

create or replace function talkme.say_time(at timestamptz, language text default null) returns text
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when not isfinite(at) then at::text
    when talkme.language(language) = 'pt-BR' then to_char(at, 'DD/MM/YYYY HH24:MI:SS OF')
    -- As ::text writes it under the default DateStyle.
    else to_char(at, 'YYYY-MM-DD HH24:MI:SSOF')
  end;
end;

comment on function talkme.say_time(timestamptz, text) is 'A time as people read it, in the time zone of the session';

grant execute on function talkme.say_time(timestamp with time zone, text) to public;


-- ---- language/say-number.sql 372e638b632b ----

-- Up to four digits stand as they are in both languages.
create or replace function talkme.say_number(number numeric, language text) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case when abs(n.whole) >= 10000
      then regexp_replace(n.whole::text, '([0-9])(?=([0-9]{3})+$)', E'\\1' || case language when 'pt-BR' then '.' else ',' end, 'g')
      else n.whole::text
    end || coalesce(case language when 'pt-BR' then ',' else '.' end || nullif(split_part(trim_scale(number)::text, '.', 2), ''), '')
  from (select trunc(number) as whole) as n;
end;

comment on function talkme.say_number(numeric, text) is 'A number as people write it: 12,345.5 in English, 12.345,5 in Portuguese';

grant execute on function talkme.say_number(numeric, text) to public;


-- ---- language/say-span.sql e7c086aeb591 ----

create or replace function talkme.say_span(span interval, language text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  units constant jsonb := '{
    "year": "ano", "years": "anos", "mon": "mês", "mons": "meses", "day": "dia", "days": "dias"
  }';
  said  text := span::text;
  unit  record;
begin
  if language = 'pt-BR' then
    for unit in select * from jsonb_each_text(units) as u (english, portuguese) loop
      said := regexp_replace(said, E'\\m' || unit.english || E'\\M', unit.portuguese);
    end loop;
  end if;
  return said;
end
$$;

comment on function talkme.say_span(interval, text) is 'A length of time as people read it: 2 days 01:30:00, 2 dias 01:30:00';

grant execute on function talkme.say_span(interval, text) to public;


-- ---- language/say-parameter.sql a1214d411ba6 ----

-- In a phrase stand
--
--   {id}             the parameter as it is
--   {at:time}        a time; {n:number} a number; {gap:span} an interval; {account:literal} a text in quotes
--   {kind:word}      the phrase whose key is kind. and the parameter
--   {rows|row|rows}  the first word if the parameter counts one, or else the second. In Portuguese, as in PostgreSQL's own
--                    translation, nothing counts as one: 0 linha
--
-- What else stands in braces is a part of the sentence, such as JSON.
create or replace function talkme.say_parameter(placeholder text, parameters jsonb, language text) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  name  constant text := substring(placeholder from '^[a-z_]+');
  given constant text := parameters ->> name;
  form  constant text := substr(placeholder, length(name) + 1);
begin
  return case
    when form = '' then coalesce(given, '')
    when form = ':time' then coalesce(talkme.say_time(given::timestamptz, language), '')
    when form = ':number' then coalesce(talkme.say_number(given::numeric, language), '')
    when form = ':span' then coalesce(talkme.say_span(given::interval, language), '')
    when form = ':literal' then quote_nullable(given)
    when form = ':word' then coalesce(talkme.phrases() -> (name || '.' || given) ->> language, given, '')
    when form ^@ '|' then split_part(form, '|', case when given::numeric = 1 or language = 'pt-BR' and given::numeric < 2 then 2 else 3 end)
    else '{' || placeholder || '}'
  end;
end
$$;

comment on function talkme.say_parameter(text, jsonb, text) is 'What stands for a placeholder of a phrase';

grant execute on function talkme.say_parameter(text, jsonb, text) to public;


-- ---- language/say.sql a9331eda1af4 ----

-- The one way to a sentence for people. A phrase may have a part in brackets: it is left out where a parameter in it is null. Values
-- are put in last, each once, so that nothing in them is taken for a placeholder.
--
-- Runs with the rights of whoever is refused, and so do the functions that it needs: they read no table. A phrase that is missing must
-- not hide a refusal, so its key stands for it; packages/outbox/test/spoken-catalogue.test.ts finds it.
create or replace function talkme.say(phrase text, parameters jsonb default '{}', language text default null) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  wanted   constant text := talkme.language(language);
  given    constant jsonb := jsonb_strip_nulls(parameters);
  template text := coalesce(talkme.phrases() -> phrase ->> wanted, phrase);
  parts    text[];
  inside   text;
  said     text;
begin
  if strpos(template, '[') > 0 then
    parts := string_to_array(template, '[');
    template := parts[1];
    for i in 2..cardinality(parts) loop
      inside := split_part(parts[i], ']', 1);
      template := template
        || case when given ?& array(select m[1] from regexp_matches(inside, '[{]([a-z_]+)', 'g') as m) then inside else '' end
        || substr(parts[i], length(inside) + 2);
    end loop;
  end if;

  parts := string_to_array(template, '{');
  said := parts[1];
  for i in 2..cardinality(parts) loop
    inside := split_part(parts[i], '}', 1);
    said := said || talkme.say_parameter(inside, given, wanted) || substr(parts[i], length(inside) + 2);
  end loop;
  return said;
end
$$;

comment on function talkme.say(text, jsonb, text) is
  'A sentence of talkme.phrases with its parameters, in a language, or else in that of the session';

grant execute on function talkme.say(text, jsonb, text) to public;


-- ---- language/say-error.sql 7188551dc79d ----

create or replace function talkme.say_error(error_code text, error text, language text) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  phrase constant text := 'error.' || error_code;
begin
  -- What is stored is English, and knows the particulars.
  if error is not null and (talkme.language(language) = 'en' or phrase is null or not talkme.phrases() ? phrase) then
    return error;
  elsif talkme.phrases() ? phrase then
    return talkme.say('error.' || error_code, jsonb_build_object('error', rtrim(error, '.')), language);
  end if;
  return null;
end
$$;

comment on function talkme.say_error(text, text, text) is
  'What an error_code means, as a sentence: the stored one where it is in the language, or has no other; null if nobody knows';

revoke execute on function talkme.say_error(text, text, text) from public;
-- Through talkme.failures, and the daemon's own query of the same.
grant execute on function talkme.say_error(text, text, text) to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- insert/reais.sql ca266549ae77 ----

-- Not by to_char, whose G and D follow lc_numeric, whose template bounds the digits, and which is only stable.
create or replace function talkme.reais(amount numeric) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  cents  constant numeric := round(amount, 2);
  digits constant text    := abs(cents)::text;
begin
  if digits !~ '^[0-9]' then
    raise exception using
      errcode = '22003', message = talkme.say('reais_is_amount', jsonb_build_object('amount', digits)),
      hint = talkme.say('reais_is_amount.hint');
  end if;
  return case when cents < 0 then '-' else '' end || 'R$ '
    || regexp_replace(split_part(digits, '.', 1), '([0-9])(?=([0-9]{3})+$)', E'\\1.', 'g')
    || ',' || split_part(digits, '.', 2);
end
$$;

comment on function talkme.reais(numeric) is
  'An amount as Brazilians read it, R$ 1.234,50, whatever the locale of server and session; rounded to centavos';

revoke execute on function talkme.reais(numeric) from public;
grant execute on function talkme.reais(numeric) to talkme_operator, talkme_producer;


-- ---- tables/attempt.sql b645f3964172 ----

-- PostgreSQL refuses a partitioned table where default_tablespace names the database's own.
do $$
begin
  if current_setting('default_tablespace') = (
    select t.spcname from pg_catalog.pg_database as d join pg_catalog.pg_tablespace as t on t.oid = d.dattablespace
    where d.datname = current_database()
  ) then
    set local default_tablespace = '';
  end if;
end
$$;

-- One row for each HTTP attempt, in monthly partitions: dropping old ones costs nothing.
create table talkme.attempt (
  outbox_id     bigint      not null,
  attempt       integer     not null,
  account       text        not null,
  action        text        not null,
  started_at    timestamptz not null,
  duration_ms   integer     not null,
  outcome       text        not null,
  http_status   smallint,
  reference     text,
  error_code    text,
  error         text,
  instance      text        not null,
  claim         bigint,

  constraint attempt_pkey primary key (outbox_id, attempt, started_at),
  constraint attempt_outcome_known check (outcome in ('accepted', 'rejected', 'not_sent', 'unknown'))
) partition by range (started_at);

comment on table talkme.attempt is 'Every request that syncd made to Talk.me, and what came of it';
comment on column talkme.attempt.outbox_id is 'The row of talkme.outbox';
comment on column talkme.attempt.attempt is 'The fence of its claim';
comment on column talkme.attempt.account is 'The Talk.me account that it was made for';
comment on column talkme.attempt.action is 'simples (GET, without variables) or v2 (POST, with variables)';
comment on column talkme.attempt.started_at is 'When the request began, by the database''s clock';
comment on column talkme.attempt.duration_ms is 'How long it took';
comment on column talkme.attempt.outcome is 'accepted, rejected, not_sent (safe to retry) or unknown (it may have been sent)';
comment on column talkme.attempt.http_status is 'HTTP status of the answer, if there was one';
comment on column talkme.attempt.reference is 'The identifier found in the answer';
comment on column talkme.attempt.error_code is 'A stable code: see docs/errors.md';
comment on column talkme.attempt.error is 'What went wrong, in a sentence';
comment on column talkme.attempt.instance is 'The instance of syncd that made it';
comment on column talkme.attempt.claim is 'The number that this instance gave to the claim: another row may have this id since';

-- Catches what no month's partition takes, so that a missing one never stops the daemon; its rows move to the month's partition
-- when that is created.
create table talkme.attempt_default partition of talkme.attempt default;

grant select on talkme.attempt to talkme_operator, talkme_viewer;
grant select, insert on talkme.attempt to talkme_daemon;


-- ---- tables/create-attempt-partitions.sql 067f4c6e7ea3 ----

create or replace function talkme.create_attempt_partitions(months_ahead integer) returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
-- A partition's bounds are written as text and read again.
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
-- Beside the other partitions, wherever new tables go otherwise.
set default_tablespace = ''
set default_table_access_method = heap
as $$
declare
  created    integer := 0;
  month      timestamptz;
  next_month timestamptz;
  name       text;
begin
  -- Each is a table: whoever may call this could fill the catalogs.
  if months_ahead is null or months_ahead not between 0 and 24 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('talkme.create_attempt_partitions cannot create partitions for %s months ahead', coalesce(months_ahead::text, 'null')),
      hint = 'Give a number from 0 to 24; syncd asks for 3.';
  end if;
  -- Several instances call it at the same hour; the second one finds it done.
  perform pg_advisory_xact_lock(hashtext('talkme.create_attempt_partitions'));
  for month in
    select generate_series(
      date_trunc('month', now() at time zone 'UTC'),
      date_trunc('month', now() at time zone 'UTC') + make_interval(months => months_ahead),
      interval '1 month'
    ) at time zone 'UTC'
  loop
    name := 'attempt_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    if to_regclass('talkme.' || quote_ident(name)) is null then
      next_month := ((month at time zone 'UTC') + interval '1 month') at time zone 'UTC';
      execute format('create table talkme.%I (like talkme.attempt including constraints)', name);
      -- Undoes what the owner grants by default.
      execute format('revoke all on talkme.%I from public', name);
      execute format(
        'with late as (delete from talkme.attempt_default where started_at >= %L and started_at < %L returning *) '
        'insert into talkme.%I select * from late',
        month, next_month, name
      );
      execute format(
        'alter table talkme.attempt attach partition talkme.%I for values from (%L) to (%L)',
        name, month, next_month
      );
      created := created + 1;
    end if;
  end loop;
  return created;
end
$$;

comment on function talkme.create_attempt_partitions(integer) is
  'Creates the missing monthly partitions of talkme.attempt, from this month to the given number of months ahead; returns how many';

revoke execute on function talkme.create_attempt_partitions(integer) from public;
grant execute on function talkme.create_attempt_partitions(integer) to talkme_daemon;

select talkme.create_attempt_partitions(3);


-- ---- tables/instance.sql a8b0f43f866d ----

-- Who is sending. An instance that is silent for longer than its lease is dead.
create table talkme.instance (
  name          text        not null,
  version       text        not null,
  host          text        not null,
  pid           integer     not null,
  started_at    timestamptz not null default now(),
  heartbeat_at  timestamptz not null default now(),
  lease_seconds integer     not null,
  request_seconds integer   not null default 0,
  listening     boolean     not null default false,
  epoch         integer     not null default 0,
  durability    text        not null default 'local',
  era           uuid,
  recalled_at   timestamptz,
  beats         integer     not null default 0,
  is_witness    boolean     not null default true,
  accounts      text[],

  constraint instance_pkey primary key (name),
  constraint instance_durability_known check (durability in ('local', 'standby'))
);

comment on table talkme.instance is 'The running instances of syncd';
comment on column talkme.instance.name is 'As in claimed_by';
comment on column talkme.instance.version is 'Version of syncd';
comment on column talkme.instance.host is 'Host name of its machine or container';
comment on column talkme.instance.pid is 'Its process there';
comment on column talkme.instance.started_at is 'When it registered';
comment on column talkme.instance.heartbeat_at is 'Its last sign of life';
comment on column talkme.instance.lease_seconds is 'After a longer silence it is dead';
comment on column talkme.instance.request_seconds is 'How long one of its requests may take';
comment on column talkme.instance.listening is 'Whether it is idle and wants to be notified of inserts';
comment on column talkme.instance.epoch is 'Grows when a statement of the instance was lost: its earlier statements claim nothing any more';
comment on column talkme.instance.durability is 'Where its claims are on disk before a request is made: local, or standby, on a synchronous standby too';
comment on column talkme.instance.era is 'talkme.history.era as the instance has entered it: in another one it claims nothing';
comment on column talkme.instance.beats is 'Counts its heartbeats: the instance knows if a part of them was lost';
comment on column talkme.instance.is_witness is 'Whether it was registered while no change of talkme.history was open: it can tell whether the change has lost anything';
comment on column talkme.instance.accounts is 'The accounts that it is configured for; null if it has not said so';
comment on column talkme.instance.recalled_at is 'talkme.history.changed_at of the change after which it wrote down the claims that it remembers';

grant select on talkme.instance to talkme_operator, talkme_viewer;
grant select, insert, update, delete on talkme.instance to talkme_daemon;


-- ---- insert/outbox-refuse.sql 8e7e4de9d2a9 ----

-- Within a capture the refusal names it: the capture's trigger function sets talkme.capture.
create or replace function talkme.outbox_refuse(rule text, complaint text, remedy text, which text default null) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  capture text[] := regexp_match(current_setting('talkme.capture', true), '^([^[:space:]]+)(?: (.+))?$');
begin
  if capture is null then
    raise exception using
      errcode = 'check_violation', schema = 'talkme', table = 'outbox',
      constraint = rule, message = complaint, detail = coalesce(which, ''), hint = remedy;
  end if;
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = rule,
    message = talkme.say('capture_refused', jsonb_build_object('capture', capture[1], 'complaint', complaint, 'columns', case rule
      when 'outbox_recipient_given' then 'numero_dest, email_dest'
      when 'outbox_target_given' then 'id_campanha, id_wpp'
    end)),
    hint = remedy,
    detail = talkme.say('which.of_capture', jsonb_build_object('row', capture[2], 'capture', capture[1]));
end
$$;

comment on function talkme.outbox_refuse(text, text, text, text) is
  'Refuses a row of talkme.outbox under the name of a rule; which says in the error''s detail which row it is';

revoke execute on function talkme.outbox_refuse(text, text, text, text) from public;


-- ---- recipient/trim-blanks.sql a1fd866b97d2 ----

-- Characters stand as numbers in E'' strings, which read the same whatever standard_conforming_strings is. In an encoding other
-- than UTF8 a regular expression compares that encoding's numbers, so it looks only for ASCII there.
create or replace function talkme.trim_blanks(given text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  blank constant text := case getdatabaseencoding()
    when 'UTF8' then E'[ \\u0009-\\u000d\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]+'
    else E'[ \\u0009-\\u000d]+'
  end;
begin
  return regexp_replace(regexp_replace(given collate "C", '^' || blank, ''), blank || '$', '');
end
$$;

comment on function talkme.trim_blanks(text) is
  'A text without the white space around it; Unicode has more of that than btrim knows';

grant execute on function talkme.trim_blanks(text) to public;


-- ---- insert/is-blank.sql ecb767d3df9c ----

create or replace function talkme.is_blank(given text) returns boolean
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  return given ~ case getdatabaseencoding()
    -- The same ranges as in packages/core/src/message/blank.ts.
    when 'UTF8' then
      E'^[ \\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f\\u2000-\\u200f\\u202a-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]*$'
    else '^ *$'
  end;
end
$$;

comment on function talkme.is_blank(text) is
  'Whether a text shows nothing: it is empty, or made of spaces, zero-width characters and fillers alone';

revoke execute on function talkme.is_blank(text) from public;


-- ---- recipient/dialled-digits.sql 175793c1592f ----

create or replace function talkme.dialled_digits(numero_dest text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  written constant text collate "C" := talkme.trim_blanks(numero_dest);
  digits  text collate "C";
begin
  if length(written) > 40 or written !~ (case getdatabaseencoding()
      when 'UTF8' then E'^[+]?[0-9 \\u00a0\\u202f()./\\u2010-\\u2015\\u2212-]+$'
      else '^[+]?[0-9 ()./-]+$'
    end)
    -- One digit alone at the end is a decimal, a check digit, an extension or an alternative.
    or written ~ '[^0-9][0-9]$' or written ~ '[)]$'
    -- Nor is it a number below zero.
    or written ~ '^[^+(0-9]'
    -- A dot separates groups: none before a dot has more than five digits; after the last dot come three digits or more, or two
    -- after two others, as the French write.
    or written ~ '[.]' and (
      written ~ '(^|[^0-9)])[.]|[.]([^0-9]|$)|[0-9]{6}[.]'
      or written !~ '([.][0-9]{3,}|(^|[^0-9])[0-9]{2}[.][0-9]{2})([^.0-9][^.]*)?$'
    )
    -- A slash follows an area code; it does not precede an extension or a second number, nor follow a group of a CNPJ.
    or written ~ '[/.].*/' or written ~ '/' and length(regexp_replace(split_part(written, '/', 2), '[^0-9]', '', 'g')) < 6
  then
    return null;
  end if;
  digits := regexp_replace(written, '[^0-9]', '', 'g');
  -- In Brazil two digits at the end follow two others; otherwise they are those of a CPF, or an extension.
  if written ~ '[^0-9][0-9]{2}$' and written !~ '(^|[^0-9])[0-9]{2}[^0-9]+[0-9]{2}$'
    and (written !~ '^[+]' and digits !~ '^00' or digits ~ '^(00)?55')
  then
    return null;
  end if;
  return case
    when written ~ '^[+]' then '+' || digits
    when digits ~ '^00' then '+' || substr(digits, 3)
    else digits
  end;
end
$$;

comment on function talkme.dialled_digits(text) is
  'The digits to dial for a written number, with a + where the country code comes first, which 00 says as well; null for what is not written as one telephone number';

grant execute on function talkme.dialled_digits(text) to public;


-- ---- recipient/is-plain-number.sql 16cd6424211b ----

-- Inlined where it is called: as nearly all numbers are written. Not by a regular expression, which takes ten times as long.
create or replace function talkme.is_plain_number(numero_dest text) returns boolean
language sql immutable parallel safe
return translate(numero_dest collate "C", '0123456789', '') = '' and case length(numero_dest)
    when 11 then substr(numero_dest collate "C", 3, 1) = '9'
    when 10 then substr(numero_dest collate "C", 3, 1) in ('2', '3', '4', '5')
    else false
  end
  and left(numero_dest collate "C", 2) in (
    '11', '12', '13', '14', '15', '16', '17', '18', '19', '21', '22', '24', '27', '28', '31', '32', '33', '34', '35',
    '37', '38', '41', '42', '43', '44', '45', '46', '47', '48', '49', '51', '53', '54', '55', '61', '62', '63', '64',
    '65', '66', '67', '68', '69', '71', '73', '74', '75', '77', '79', '81', '82', '83', '84', '85', '86', '87', '88',
    '89', '91', '92', '93', '94', '95', '96', '97', '98', '99'
  );

comment on function talkme.is_plain_number(text) is 'Whether a text is DDD and number of Brazil, digits only, and such a number can exist';

revoke execute on function talkme.is_plain_number(text) from public;


-- ---- recipient/is-address.sql be88f0176e64 ----

create or replace function talkme.is_address(email_dest text) returns boolean
language sql immutable parallel safe
return email_dest collate "C" ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*$' and length(email_dest) <= 254;

comment on function talkme.is_address(text) is 'Whether a text is one e-mail address in ASCII, without a name';

grant execute on function talkme.is_address(text) to public;


-- ---- insert/is-account-name.sql 8e5cc10c64b3 ----

-- Inlined where it is called. The same as in packages/outbox/src/account-name.ts. Not by a regular expression, which took a
-- fifth of an insert.
create or replace function talkme.is_account_name(account text) returns boolean
language sql immutable parallel safe
return account = 'default' or (
  translate(account, 'abcdefghijklmnopqrstuvwxyz0123456789_-', '') = '' and length(account) between 1 and 63
  and left(account, 1) not in ('_', '-')
);

comment on function talkme.is_account_name(text) is 'Whether a text can be the name of an account';

-- For CHECK constraints, which run with the rights of whoever writes.
grant execute on function talkme.is_account_name(text) to public;


-- ---- insert/is-api-number.sql 644990525e18 ----

-- Inlined where it is called. JavaScript, and so the client, holds these numbers without rounding.
create or replace function talkme.is_api_number(given bigint) returns boolean
language sql immutable parallel safe
return given between 1 and 9007199254740991;

comment on function talkme.is_api_number(bigint) is 'Whether a number can be that of a campaign or channel';

-- For the CHECK constraint of talkme.campaign, which runs with the rights of whoever writes.
grant execute on function talkme.is_api_number(bigint) to public;


-- ---- insert/known-variables.sql 348ac48431e5 ----

-- The same as in packages/core/src/message/info-contato.ts.
create or replace function talkme.known_variables() returns text[]
language sql immutable parallel safe
return array[
  'documento', 'nome', 'telefone1', 'telefone2', 'telefone3', 'email', 'endereco', 'bairro', 'cep', 'cidade', 'estado',
  'pais', 'geral1', 'geral2', 'geral3', 'geral4', 'geral5'
];

comment on function talkme.known_variables() is 'The variables that info_contato may have';

-- For the CHECK constraint of talkme.campaign, which runs with the rights of whoever writes.
grant execute on function talkme.known_variables() to public;


-- ---- insert/is-plain-info-contato.sql 001f69fef0d6 ----

-- Inlined where it is called. One expression accepts what breaks none of the rules of info_contato_problems, as nearly all rows do:
-- their loops take a quarter of an insert. In JSON text, every control character of ASCII but DEL stands behind a backslash.
create or replace function talkme.is_plain_info_contato(info jsonb) returns boolean
language sql stable parallel safe
return jsonb_typeof(info) = 'object' and info - talkme.known_variables() = '{}'
  and not info @? 'strict $.* ? (@.type() != "string")'
  and length(info::text) <= 1024
  and info::text !~ (case getdatabaseencoding()
    when 'UTF8' then E'[\\\\\\u007f-\\u009f\\u2028\\u2029]|     ' else E'[\\\\\\u007f]|     '
  end);

comment on function talkme.is_plain_info_contato(jsonb) is
  'Whether variables are plainly right; others may be right, too';

revoke execute on function talkme.is_plain_info_contato(jsonb) from public;


-- ---- insert/plain-info-contato.sql e2d4b83e08fd ----

-- An accent may be a character of its own, as macOS writes it. Of two spellings with different values both stay, and are a problem.
create or replace function talkme.plain_info_contato(info jsonb) returns jsonb
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  spelling record;
begin
  if jsonb_typeof(info) <> 'object' then
    return info;
  end if;
  if getdatabaseencoding() = 'UTF8' then
    for spelling in
      select key as accented, normalize(key, nfc) as plain from jsonb_object_keys(info) as key where key is not nfc normalized
    loop
      if not info ? spelling.plain or info -> spelling.plain = info -> spelling.accented then
        info := info - spelling.accented || jsonb_build_object(spelling.plain, info -> spelling.accented);
      end if;
    end loop;
  end if;
  for spelling in select * from (values ('endereço', 'endereco'), ('país', 'pais')) as s (accented, plain) loop
    if info ? spelling.accented and not (
      info ? spelling.plain and info -> spelling.plain <> info -> spelling.accented
      and not coalesce(talkme.is_blank(info ->> spelling.plain), false)
      and not coalesce(talkme.is_blank(info ->> spelling.accented), false)
    ) then
      info := info - spelling.accented || case
        when talkme.is_blank(info ->> spelling.accented) and info ? spelling.plain then '{}'
        else jsonb_build_object(spelling.plain, info -> spelling.accented)
      end;
    end if;
  end loop;
  return info;
end
$$;

comment on function talkme.plain_info_contato(jsonb) is 'Variables under their unaccented names';

revoke execute on function talkme.plain_info_contato(jsonb) from public;


-- ---- insert/problem.sql aabd690cd881 ----

create type talkme.problem as (code text, field text, complaint text, remedy text);

comment on type talkme.problem is
  'A rule that a message breaks: its name, the column that breaks it, what is wrong and what to do. Holds no number, address or text of the message';


-- ---- language/problem-of.sql aebd5244bfae ----

create or replace function talkme.problem_of(rule text, field text, parameters jsonb default '{}', phrase text default null)
returns talkme.problem
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  key constant text := coalesce(phrase, rule);
begin
  return (rule, field, talkme.say(key, parameters), talkme.say(key || '.hint', parameters));
end
$$;

comment on function talkme.problem_of(text, text, jsonb, text) is
  'A broken rule in words: the phrase of its name, or another one, and the hint that belongs to it';

revoke execute on function talkme.problem_of(text, text, jsonb, text) from public;
-- talkme.enqueue asks for it.
grant execute on function talkme.problem_of(text, text, jsonb, text) to talkme_producer;


-- ---- insert/info-contato-problems.sql 28e522a354b7 ----

-- The rules for variables, told once: the insert raises the first that is broken, talkme.problems returns all.
create or replace function talkme.info_contato_problems(plain_info jsonb) returns setof talkme.problem
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  known   constant text[] := talkme.known_variables();
  in_utf8 constant boolean := getdatabaseencoding() = 'UTF8';
  refused constant text := case when in_utf8 then E'[\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029]|     ' else E'[\\u0001-\\u001f\\u007f]|     ' end;
begin
  if jsonb_typeof(plain_info) <> 'object' then
    return next talkme.problem_of(
      'outbox_info_contato_object', 'info_contato', jsonb_build_object('type', jsonb_typeof(plain_info))
    );
    return;
  end if;

  return query
  select p.*
  from (values ('endereço', 'endereco'), ('país', 'pais')) as s (accented, plain)
  cross join talkme.problem_of(
    'outbox_info_contato_spelling', 'info_contato.' || s.accented, jsonb_build_object('plain', s.plain, 'accented', s.accented)
  ) as p
  where plain_info ? s.accented;

  return query
  select p.*
  from (
    select string_agg(key, ', ' order by key) as keys
    from jsonb_object_keys(plain_info) as key
    where key <> all (known || '{endereço,país}')
  ) as stranger
  cross join talkme.problem_of(
    'outbox_info_contato_known', 'info_contato',
    jsonb_build_object('unknown', stranger.keys, 'known', array_to_string(known, ', '))
  ) as p
  where stranger.keys is not null;

  return query
  select p.*
  from (
    select key, broken.*
    from jsonb_each(plain_info)
    cross join lateral (select jsonb_typeof(value) as type, value #>> '{}' as text) as variable
    cross join lateral (values
      (
        case when type <> 'string' then 'outbox_info_contato_strings' end, jsonb_build_object('type', type)
      ),
      (
        case when type = 'string' and text ~ refused then 'outbox_info_contato_whitespace' end,
        jsonb_build_object('found', case
          when text ~ E'[\n\r]' then 'line_break'
          when text ~ E'\t' then 'tab'
          when in_utf8 and text ~ E'[\\u2028\\u2029]' then 'line_separator'
          when text ~ '     ' then 'spaces'
          else 'control'
        end)
      ),
      (
        case when type = 'string' and length(text) > 1024 then 'outbox_info_contato_length' end,
        jsonb_build_object('characters', length(text))
      )
    ) as broken (code, about)
  ) as v
  cross join talkme.problem_of(
    v.code, 'info_contato.' || v.key, v.about || jsonb_build_object('variable', v.key)
  ) as p
  where v.code is not null;
end
$$;

comment on function talkme.info_contato_problems(jsonb) is
  'What is wrong with variables that talkme.plain_info_contato has returned; names them, and never shows a value';

revoke execute on function talkme.info_contato_problems(jsonb) from public;


-- ---- insert/notify-daemon.sql 0d96ac0cfe10 ----

-- Makes every notification, but none while the queue that all databases of the server share is half full: a transaction that
-- finds it full fails at its commit. None either where the session says so, because a transaction that has notified cannot be
-- prepared. The next look finds the row anyway. Sets no search_path, which would take longer than all the rest: every name is
-- PostgreSQL's, with its schema.
create or replace function talkme.notify_daemon(channel text default 'talkme_outbox') returns boolean
language plpgsql
as $$
begin
  if pg_catalog.lower(pg_catalog.current_setting('talkme.notify', true)) operator(pg_catalog.=) any ('{off,false,no,0}')
    or pg_catalog.pg_notification_queue_usage() operator(pg_catalog.>=) 0.5::pg_catalog.float8
  then
    return false;
  end if;
  -- pg_notify returns void, which is not null. An expression starts no statement, as perform would.
  return pg_catalog.pg_notify(channel, '')::pg_catalog.text is not null;
end
$$;

comment on function talkme.notify_daemon(text) is
  'Notifies a channel, unless the session has set talkme.notify to off or the server''s queue of notifications is half full; returns whether it did';

revoke execute on function talkme.notify_daemon(text) from public;
grant execute on function talkme.notify_daemon(text) to talkme_daemon;


-- ---- tables/circuit.sql 3c8b00f3057b ----

-- What all instances share about an account: whether its circuit is open, which lanes the API is known to take, and when the next
-- message may go out. How and why: docs/guarantees.md and docs/decisions/0010-a-shared-circuit.md. The daemon has the policy: it
-- computes the next state, and writes it only over the state that it has seen.
--
-- These rows are few and change often: free space on the page keeps their index from growing.
create table talkme.circuit (
  account      text        not null,
  credential   text        not null default '',
  version      bigint      not null default 1,
  alarms       bigint      not null default 0,
  not_founds   integer     not null default 0,
  troubles     integer     not null default 0,
  kind         text,
  opened_at    timestamptz,
  half_open_at timestamptz,
  slowdown     integer     not null default 0,
  throttled_at timestamptz,
  trial_by     text,
  reported_by  text,

  constraint circuit_pkey primary key (account, credential),
  constraint circuit_kind_known check (kind in ('not_found', 'authentication', 'trouble', 'throttled')),
  constraint circuit_open_has_times check (
    (kind is null) = (opened_at is null) and (kind is null) = (half_open_at is null)
  )
) with (fillfactor = 50);

comment on table talkme.circuit is 'Circuits of accounts that were ever in trouble, or tried: while kind is not null, no row of the account is sent. talkme.resume lets one through';
comment on column talkme.circuit.account is 'The account of talkme.outbox';
comment on column talkme.circuit.credential is 'Empty: for every instance that sends for the account. Otherwise a short, slow hash of a token that the API refuses: only instances that use this token wait';
comment on column talkme.circuit.version is 'Grows with each change: an instance that has not seen the last one changes nothing';
comment on column talkme.circuit.alarms is 'Grows when less is allowed than before: an instance that does not know of it claims nothing';
comment on column talkme.circuit.not_founds is 'Answers 404 in a row; the second one opens the circuit, a third one locks the token';
comment on column talkme.circuit.troubles is 'Answers in a row that were unknown or not_sent';
comment on column talkme.circuit.kind is 'Why it is open: not_found, authentication, trouble or throttled; null while it is closed';
comment on column talkme.circuit.opened_at is 'When it opened';
comment on column talkme.circuit.half_open_at is 'From then on, one row may try the API';
comment on column talkme.circuit.slowdown is 'How many times the rate was halved after 429; each minute without a 429 undoes one';
comment on column talkme.circuit.throttled_at is 'When the last 429 came';
comment on column talkme.circuit.trial_by is 'The instance that may try one row of an account or lane that is not known to work';
comment on column talkme.circuit.reported_by is 'The instance whose token the API refused';

grant select on talkme.circuit to talkme_operator, talkme_viewer;
grant select, insert, update on talkme.circuit to talkme_daemon;


-- ---- tables/lane.sql 2181dbbe57af ----

create table talkme.lane (
  lane         text        collate "C" not null,
  account      text        not null,
  accepted_at  timestamptz,
  not_founds   integer     not null default 0,
  quiet_until  timestamptz,

  constraint lane_pkey primary key (lane)
) with (fillfactor = 50);

comment on table talkme.lane is 'What the API said of each account, campaign and channel: one not accepted recently is tried with one row first';
comment on column talkme.lane.lane is 'As in talkme.outbox';
comment on column talkme.lane.account is 'Its account';
comment on column talkme.lane.accepted_at is 'When the API last gave a meaningful answer for it other than 404, to within a few minutes; null after a 404';
comment on column talkme.lane.not_founds is 'Answers 404 in a row';
comment on column talkme.lane.quiet_until is 'Its rows wait until then, because the API does not find its campaign or channel, or answers in words that no rule knows';

grant select on talkme.lane to talkme_operator, talkme_viewer;
grant select, insert, update on talkme.lane to talkme_daemon;


-- ---- tables/lane-parts.sql 0298496efc2a ----

-- Inlined where it is called. Reads from the end: only an account's name that bypassed the checks may hold a slash.
-- The same as in packages/outbox/src/lane.ts.
create or replace function talkme.lane_parts(lane text) returns table (account text, campaign text, channel text)
language sql immutable parallel safe
as $$
  select
    left(lane, -2 - length(split_part(lane, '/', -2)) - length(split_part(lane, '/', -1))),
    nullif(split_part(lane, '/', -2), '-'), nullif(split_part(lane, '/', -1), '-')
$$;

comment on function talkme.lane_parts(text) is 'Account, campaign and channel of a lane; null for each that it lacks';

revoke execute on function talkme.lane_parts(text) from public;
grant execute on function talkme.lane_parts(text) to talkme_daemon;


-- ---- hold/scopes-of.sql 2ed8da06f830 ----

-- Inlined where it is called. The same as in packages/outbox/src/lane.ts, which leaves out 'all'.
create or replace function talkme.scopes_of(account text, campaign text, channel text) returns text[]
language sql immutable parallel safe
return array['all', 'account:' || account, 'campaign:' || campaign, 'channel:' || channel];

comment on function talkme.scopes_of(text, text, text) is
  'The scopes of an account, campaign and channel: a pause of any of them stops their rows';

revoke execute on function talkme.scopes_of(text, text, text) from public;
grant execute on function talkme.scopes_of(text, text, text) to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- hold/scope-parts.sql 5259afebeece ----

create or replace function talkme.scope_parts(scope text) returns text[]
language sql immutable parallel safe
return case
  when scope = 'all' then array['all', null]
  when scope ^@ 'account:' and talkme.is_account_name(substr(scope, 9)) then array['account', substr(scope, 9)]
  else regexp_match(scope, '^(campaign|channel|batch):([1-9][0-9]{0,15})$')
end;

comment on function talkme.scope_parts(text) is
  'Kind and name of a scope: all, account:NAME, campaign:ID, channel:ID or batch:ID; null for anything else';

-- For the CHECK constraint of talkme.paused, which runs with the rights of whoever writes.
grant execute on function talkme.scope_parts(text) to public;


-- ---- tables/pace.sql c2aa49ccc4f1 ----

create table talkme.pace (
  scope        text        not null,
  next_at      timestamptz not null,

  constraint pace_pkey primary key (scope)
) with (fillfactor = 50);

comment on table talkme.pace is 'The rate of all instances together: each reserves the times at which it may send';
comment on column talkme.pace.scope is 'account:NAME, campaign:ID or channel:ID';
comment on column talkme.pace.next_at is 'The first time that is still free';

grant select on talkme.pace to talkme_operator, talkme_viewer;
grant select, insert, update on talkme.pace to talkme_daemon;


-- ---- hold/resume.sql 459a3f286c28 ----

create or replace function talkme.resume(scope text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  parts    constant text[] := talkme.parse_scope(scope);
  pauses   integer;
  circuits integer;
  lanes    integer;
  held     bigint := 0;
  put_off  bigint := 0;
  done     text[] := '{}';
  others   text;
begin
  perform talkme.refuse_scope(parts);
  perform talkme.refuse_resume(scope, parts);
  delete from talkme.paused as p where p.scope = resume.scope;
  get diagnostics pauses = row_count;

  update talkme.circuit as c
  set version = c.version + 1, half_open_at = clock_timestamp(),
    trial_by = (select i.name from talkme.instance as i where i.name = c.trial_by)
  where c.kind is not null and (parts[1] = 'all' or (parts[1] = 'account' and c.account = parts[2]));
  get diagnostics circuits = row_count;

  update talkme.lane as l
  set quiet_until = null
  where l.quiet_until > now() and (
    select resume.scope = any (talkme.scopes_of(p.account, p.campaign, p.channel)) from talkme.lane_parts(l.lane) as p
  );
  get diagnostics lanes = row_count;

  -- Held rows go only when their own campaign or batch is resumed, not together with everything else; what a person holds by
  -- pause_where, by resume_where alone.
  if parts[1] = 'campaign' then
    update talkme.outbox as o
    set retry_at = null, error_code = null, error = null
    where o.status = 'pending' and o.retry_at = talkme.held_until() and o.id_campanha = parts[2]::bigint
      and (o.error_code is null or o.error_code not in ('batch_paused', 'held'));
    get diagnostics held = row_count;
  elsif parts[1] = 'batch' then
    update talkme.outbox as o
    set retry_at = null, error_code = null, error = null
    where o.status = 'pending' and o.batch_id = parts[2]::bigint and o.due_at = talkme.held_until()
      and o.error_code is distinct from 'held';
    get diagnostics held = row_count;
  end if;

  -- The next claim judges again what was put off: a window or a gap may have changed.
  if parts[1] in ('campaign', 'account', 'batch') then
    update talkme.outbox as o
    set retry_at = null, error_code = null, error = null
    where o.status = 'pending' and o.error_code in ('outside_window', 'recipient_gap') and o.due_at > now()
      and o.lane = any (talkme.lanes_of(scope)) and (parts[1] <> 'batch' or o.batch_id = parts[2]::bigint);
    get diagnostics put_off = row_count;
  end if;

  perform talkme.notify_daemon();
  perform talkme.record_audit('resume', jsonb_build_object('scope', scope), held, null);

  select string_agg(format('%s (%s)', p.scope, p.reason), ', ' order by p.scope) into others
  from talkme.paused as p
  where parts[1] = 'all' or p.scope = 'all';
  if pauses > 0 then
    done := done || talkme.say('resume.resumed', jsonb_build_object('scope', scope));
  end if;
  if held > 0 then
    done := done || talkme.say('resume.held', jsonb_build_object('held', held, 'scope', scope));
  end if;
  if put_off > 0 then
    done := done || talkme.say('resume.put_off', jsonb_build_object('put_off', put_off, 'scope', scope));
  end if;
  if circuits + lanes > 0 then
    done := done || talkme.say('resume.trials', jsonb_build_object('scope', scope, 'circuits', circuits, 'lanes', lanes));
  end if;
  if done = '{}' then
    done := done || talkme.say('resume.nothing', jsonb_build_object('scope', scope));
  end if;
  if others is not null then
    done := done || talkme.say('resume.others', jsonb_build_object('others', others));
  end if;
  return array_to_string(done, ' ');
end
$$;

comment on function talkme.resume(text) is
  'Ends the pause of a scope; lets the held rows of a campaign or batch go; tries waiting circuits, campaigns and channels with one row each, and if the API takes it, the others follow';

revoke execute on function talkme.resume(text) from public;
grant execute on function talkme.resume(text) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- roles/caller.sql 460498378ae6 ----

-- Within a SECURITY DEFINER function current_user is the function's owner; the caller is the role that was set, or else the user
-- of the session. In plpgsql, which keeps its plan: as a default of talkme.outbox, a function in SQL would be parsed and inlined
-- at each insert, which took a fifteenth of it. It looks nothing up in the caller's search_path.
create or replace function talkme.caller() returns name
language plpgsql stable parallel safe
as $$
begin
  return case
    when pg_catalog.current_setting('role') operator(pg_catalog.=) 'none' then session_user
    else pg_catalog.current_setting('role')::pg_catalog.name
  end;
end
$$;

comment on function talkme.caller() is 'The role that acts, also within a function that runs with its owner''s rights';

-- A default calls it with the rights of whoever writes the row: anybody who was granted the insert. It reads no table.
grant execute on function talkme.caller() to public;


-- ---- marketing/campaign-grant.sql a339993cd917 ----

-- By campaign alone, as the scopes of pauses are: campaign:123 stands for all accounts.
create table talkme.campaign_grant (
  id_campanha   bigint      not null,
  granted_to    name        not null,
  granted_by    name        not null default talkme.caller(),
  granted_at    timestamptz not null default now(),

  constraint campaign_grant_pkey primary key (id_campanha, granted_to)
);

comment on table talkme.campaign_grant is 'Which campaigns members of talkme_marketing see, pause and bring lists for: talkme.grant_campaign';
comment on column talkme.campaign_grant.id_campanha is 'As in talkme.outbox';
comment on column talkme.campaign_grant.granted_to is 'A role: a person, or a team that persons are members of';
comment on column talkme.campaign_grant.granted_by is 'Who granted it';
comment on column talkme.campaign_grant.granted_at is 'Since when';

grant select on talkme.campaign_grant to talkme_operator, talkme_viewer;


-- ---- marketing/may-use-campaign.sql 2f7a924260fe ----

create or replace function talkme.may_use_campaign(id_campanha bigint) returns boolean
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  -- By name, looked up when needed: a role may have been dropped since.
  return exists (
    select from talkme.campaign_grant as g join pg_roles as r on r.rolname = g.granted_to
    where g.id_campanha = may_use_campaign.id_campanha and pg_has_role(talkme.caller(), r.oid, 'usage')
  );
end
$$;

comment on function talkme.may_use_campaign(bigint) is 'Whether a campaign was granted to the caller, or to a role that it is a member of';

revoke execute on function talkme.may_use_campaign(bigint) from public;
-- For the policy of talkme.outbox.
grant execute on function talkme.may_use_campaign(bigint) to talkme_marketing;


-- ---- tables/batch.sql d1d2491eb409 ----

-- Rows that were brought in together name their batch in talkme.outbox.batch_id. No foreign key: its triggers would run at each
-- claim and settlement. guard_outbox checks the number.
create table talkme.batch (
  id            bigint      generated always as identity,
  name          text        not null,
  expected_rows integer,
  created_by    name        not null default talkme.caller(),
  created_at    timestamptz not null default now(),

  constraint batch_pkey primary key (id),
  constraint batch_name_given check (name ~ '[^[:space:]]' and length(name) <= 200),
  constraint batch_expected_rows_positive check (expected_rows > 0)
);

comment on table talkme.batch is 'Lists and imports: rows of talkme.outbox that were brought in together. talkme.batches shows what became of them';
comment on column talkme.batch.id is 'As in talkme.outbox.batch_id; batch:ID is a scope of talkme.pause and talkme.resume';
comment on column talkme.batch.name is 'For people; no personal data';
comment on column talkme.batch.expected_rows is 'How many rows it is meant to have: up to so many are no accident, whatever burst_limit says; null: burst_limit decides';
comment on column talkme.batch.created_by is 'Who created it: a producer sees and uses its own batches only';
comment on column talkme.batch.created_at is 'When it was created';

alter table talkme.batch enable row level security;

create policy batch_everybody on talkme.batch to public using (true) with check (true);

create policy batch_producer on talkme.batch as restrictive for select to talkme_producer, talkme_marketing using (
  (select exists (
    select from pg_catalog.pg_roles
    where rolname in ('talkme_daemon', 'talkme_viewer', 'talkme_operator') and pg_catalog.pg_has_role(oid, 'usage')
  ))
  or created_by = any (array(select rolname from pg_catalog.pg_roles where pg_catalog.pg_has_role(oid, 'usage')))
  -- As for talkme.outbox: what a SECURITY DEFINER function has just made for its caller, and no more.
  or created_at = pg_catalog.now() and created_by = (select talkme.caller())
);

comment on policy batch_everybody on talkme.batch is 'Grants decide what a role may do with the table';

comment on policy batch_producer on talkme.batch is
  'A role that is only a producer sees the batches created by itself or by a role that it is a member of';

grant select on talkme.batch to talkme_daemon, talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
grant insert (name, expected_rows) on talkme.batch to talkme_producer, talkme_marketing;


-- ---- people/hide-numbers.sql a8341e0c8eb9 ----

-- An answer of the API, somebody's reason or a customer's error may quote a number. As maskedText of @talkme/outbox, but dates and
-- shorter numbers stay. Characters stand as numbers, as in talkme.trim_blanks.
create or replace function talkme.hide_numbers(text text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  in_utf8 constant boolean := getdatabaseencoding() = 'UTF8';
  digit   constant pg_catalog.text := case when in_utf8
    then E'[0-9\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f\\uff10-\\uff19]' else '[0-9]'
  end;
  -- What people, and encodings, put between digits.
  gap     constant pg_catalog.text := case when in_utf8
    then E'(?:[\\s().\\/_+\\u00a0\\u00ad\\u2000-\\u2015\\u2028-\\u202f\\u205f-\\u2064\\u2212\\u3000\\ufeff-]|%[02][0-9A-Fa-f]|%C2%A0|&nbsp;|\\\\u00a0){0,6}'
    else E'(?:[\\s().\\/_+-]|%[02][0-9A-Fa-f]|&nbsp;){0,6}'
  end;
  at_sign constant pg_catalog.text := case when in_utf8
    then E'(?:[@\\uff20]|%40|&#0*64;|&commat;|\\\\u0040|\\s?[\\[(]at[\\])]\\s?)' else E'(?:@|%40|&#0*64;|&commat;|\\s?[\\[(]at[\\])]\\s?)'
  end;
begin
  return regexp_replace(
    regexp_replace(text collate "C", E'[^\\s@]{1,64}' || at_sign || E'[^\\s@]+', '(address)', 'g'),
    -- Eight digits or more, however they are separated, that do not begin with a date.
    format('(?:[+]|%%2B)?(?:[(](?=[0-9]{2}[)]))?(?<!%1$s)(?![0-9]{4}-[0-9]{2}-[0-9]{2})%1$s(?:%2$s%1$s){7,}', digit, gap), '(number)', 'g'
  );
end
$$;

comment on function talkme.hide_numbers(text) is 'A text without its telephone numbers and addresses';

revoke execute on function talkme.hide_numbers(text) from public;
-- For talkme.without_values, talkme.messages and the console.
grant execute on function talkme.hide_numbers(text) to talkme_producer, talkme_operator, talkme_viewer, talkme_marketing;


-- ---- tables/audit.sql f31a4177e2db ----

-- Who did what with the functions by which people change rows and settings.
create table talkme.audit (
  id            bigint      generated always as identity,
  at            timestamptz not null default now(),
  who           name        not null default talkme.caller(),
  action        text        not null,
  about         jsonb       not null,
  rows          bigint      not null,
  reason        text,

  constraint audit_pkey primary key (id)
);

comment on table talkme.audit is 'What people did with the functions of this schema and the settings: who, when, to how many rows, and why';
comment on column talkme.audit.id is 'Number of the entry';
comment on column talkme.audit.at is 'When the transaction began';
comment on column talkme.audit.who is 'The role that called the function';
comment on column talkme.audit.action is 'The function: cancel, retry, resolve, pause, resume, suppress, unsuppress, forget and so on; update_campaign and the like where a setting was written by hand';
comment on column talkme.audit.about is 'What it was called for: the id, the scope, the filter or the setting, before and after. Never a telephone number or an address';
comment on column talkme.audit.rows is 'How many rows it changed';
comment on column talkme.audit.reason is 'Why, in the words of whoever called it; telephone numbers and addresses are hidden';

create index audit_at on talkme.audit (at);

grant select on talkme.audit to talkme_operator, talkme_viewer;


-- ---- tables/record-audit.sql 4485fbf37615 ----

create or replace function talkme.record_audit(action text, about jsonb, rows bigint, reason text) returns void
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  insert into talkme.audit (action, about, rows, reason) values (action, about, rows, talkme.hide_numbers(reason));
end;

comment on function talkme.record_audit(text, jsonb, bigint, text) is 'Writes an entry of talkme.audit in the name of the caller';

revoke execute on function talkme.record_audit(text, jsonb, bigint, text) from public;


-- ---- tables/history.sql 6c8b50976488 ----

-- The database in which the marks of talkme.outbox were made. A failover, a restore or a copy may have lost some of them: then the
-- server is another one or has another timeline, and nothing is claimed until somebody acknowledges it. The first registration
-- of an instance writes the row: docs/decisions/0020-the-guard-of-history.md.
create table talkme.history (
  singleton         boolean     not null default true,
  system_identifier bigint,
  timeline          text,
  era               uuid,
  previous_era      uuid,
  complete          boolean     not null default false,
  acknowledged_at   timestamptz not null default now(),
  acknowledged_by   name        not null default talkme.caller(),
  reason            text        not null,
  claim_durability  text        not null default 'local',
  local_gone_at     timestamptz,
  server_started_at timestamptz not null,
  changed_at        timestamptz,
  changed_system_identifier bigint,
  changed_timeline  text,
  lease_seconds     integer,
  request_seconds   integer,
  missing_claims    bigint      not null default 0,
  witnessed         boolean     not null default false,
  last_changed_at   timestamptz,

  constraint history_pkey primary key (singleton),
  constraint history_singleton check (singleton),
  constraint history_claim_durability_known check (claim_durability in ('local', 'standby'))
);

comment on table talkme.history is 'Which database the messages were marked in, as acknowledged; after a change nothing is sent until somebody acknowledges it';
comment on column talkme.history.singleton is 'There is one row';
comment on column talkme.history.system_identifier is 'Of the server, from its initdb; null where it could not be read';
comment on column talkme.history.timeline is 'Of its write-ahead log, as in the names of its files; null where it could not be read';
comment on column talkme.history.era is 'Names what was claimed since the last change was acknowledged; null before the first one';
comment on column talkme.history.previous_era is 'The era before it';
comment on column talkme.history.complete is 'Whether no claim of the previous era was lost: a standby had confirmed them all';
comment on column talkme.history.acknowledged_at is 'When it was acknowledged, or first written';
comment on column talkme.history.acknowledged_by is 'The role that did so: of a person, or of syncd';
comment on column talkme.history.reason is 'Why, in the words of whoever acknowledged it';
comment on column talkme.history.claim_durability is 'standby: a standby confirms every claim, and an instance with TALKME_CLAIM_DURABILITY=local claims nothing. local: some may be unconfirmed';
comment on column talkme.history.local_gone_at is 'Since when no instance with TALKME_CLAIM_DURABILITY=local is registered';
comment on column talkme.history.server_started_at is 'When the server started that was compared last; another start is compared before anything is claimed';
comment on column talkme.history.changed_at is 'When an instance noticed that the database is another one, and nobody has acknowledged it yet; else null';
comment on column talkme.history.changed_system_identifier is 'What it is now';
comment on column talkme.history.changed_timeline is 'What it is now';
comment on column talkme.history.lease_seconds is 'The longest lease of the instances that were registered then: after it, they begin nothing that they claimed before';
comment on column talkme.history.request_seconds is 'The longest request of these: by then, whatever they had begun has ended';
comment on column talkme.history.missing_claims is 'Claims that living instances remember and the database has lost';
comment on column talkme.history.witnessed is 'Whether an instance that lived through the change has found its heartbeats in the database, but for those of a lease at most';
comment on column talkme.history.last_changed_at is 'When the last change that was acknowledged had been noticed';

grant select on talkme.history to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- history/server-identity.sql 5b2a9aeca447 ----

-- With the owner's rights, so that everybody reads the same: some hosted servers forbid these functions.
create or replace function talkme.server_identity(out system_identifier bigint, out timeline text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  begin
    select c.system_identifier into system_identifier from pg_control_system() as c;
  exception when insufficient_privilege or undefined_function or feature_not_supported then
    null;
  end;
  -- Right at once after a promotion, when pg_control_checkpoint() still shows the timeline before it. A standby refuses it.
  begin
    timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  exception when insufficient_privilege or undefined_function or feature_not_supported or object_not_in_prerequisite_state then
    null;
  end;
end
$$;

comment on function talkme.server_identity() is
  'Which server this is, and which timeline it writes: a promotion, a restore and a copy change one of them; null where the server forbids to read it';

revoke execute on function talkme.server_identity() from public;
grant execute on function talkme.server_identity() to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- history/check-history.sql a6278821d053 ----

-- Compares the database with what was acknowledged, and writes down a change. The first call of all acknowledges what it finds:
-- nothing was sent yet.
--
-- Takes no lock where nothing is to be written: whoever registers may wait for a standby until its transaction ends.
create or replace function talkme.check_history(registers_as text default null, out changed boolean, out era uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  h    talkme.history;
  seen record;
  same boolean;
begin
  select * into h from talkme.history;
  if h.server_started_at is distinct from pg_postmaster_start_time() then
    seen := talkme.server_identity();
    if h.singleton is null then
      insert into talkme.history (system_identifier, timeline, server_started_at, reason)
      values (seen.system_identifier, seen.timeline, pg_postmaster_start_time(), 'the first start of syncd')
      on conflict do nothing;
    end if;
    select * into h from talkme.history for update;
    -- What could not be read before is taken as it is. What could be read, and cannot any more, is a change.
    same := (h.system_identifier is null or h.system_identifier is not distinct from seen.system_identifier)
      and (h.timeline is null or h.timeline is not distinct from seen.timeline);
    if h.changed_at is null and same then
      update talkme.history set
        system_identifier = seen.system_identifier, timeline = seen.timeline, server_started_at = pg_postmaster_start_time()
      returning * into h;
    else
      update talkme.history set
        -- By this clock alone. A second change begins the wait again.
        changed_at = case
          when (changed_system_identifier, changed_timeline) is not distinct from (seen.system_identifier, seen.timeline)
            then coalesce(changed_at, clock_timestamp())
          else clock_timestamp()
        end,
        witnessed = witnessed and (changed_system_identifier, changed_timeline) is not distinct from (seen.system_identifier, seen.timeline),
        changed_system_identifier = seen.system_identifier,
        changed_timeline = seen.timeline,
        -- The defaults where no registration has survived.
        lease_seconds = greatest(lease_seconds, coalesce((select max(i.lease_seconds) from talkme.instance as i), 30)),
        request_seconds = greatest(request_seconds, coalesce((select max(i.request_seconds) from talkme.instance as i), 15)),
        server_started_at = pg_postmaster_start_time()
      returning * into h;
    end if;
  end if;
  if registers_as = 'local' and h.local_gone_at is not null then
    update talkme.history set local_gone_at = null;
  end if;
  changed := h.changed_at is not null;
  era := h.era;
end
$$;

comment on function talkme.check_history(text) is
  'Compares the database with the acknowledged one of talkme.history, and notes a change there; each instance of syncd calls it';

revoke execute on function talkme.check_history(text) from public;
grant execute on function talkme.check_history(text) to talkme_daemon, talkme_operator;


-- ---- history/history-state.sql 324ceccafd29 ----

create or replace function talkme.history_state(
  out changed boolean, out changed_at timestamptz, out confirmable_at timestamptz, out acknowledgeable_at timestamptz,
  out was_system_identifier bigint, out was_timeline text, out system_identifier bigint, out timeline text,
  out missing_claims bigint, out claim_durability text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  h talkme.history;
begin
  select * into h from talkme.history;
  select s.system_identifier, s.timeline into system_identifier, timeline from talkme.server_identity() as s;
  -- Nobody may have noticed it yet.
  changed := h.changed_at is not null or h.singleton is not null and not (
    (h.system_identifier is null or h.system_identifier is not distinct from system_identifier)
    -- A standby of the acknowledged server has no timeline to show.
    and (h.timeline is null or h.timeline is not distinct from timeline or pg_is_in_recovery())
  );
  changed_at := h.changed_at;
  confirmable_at := h.changed_at + interval '1 second'
    * greatest(h.lease_seconds, (select max(i.lease_seconds) from talkme.instance as i));
  -- A request that began within the lease may still be on the wire: a person who looks before it ends does not see its message.
  acknowledgeable_at := confirmable_at + interval '1 second'
    * greatest(h.request_seconds, (select max(i.request_seconds) from talkme.instance as i));
  was_system_identifier := h.system_identifier;
  was_timeline := h.timeline;
  missing_claims := h.missing_claims;
  claim_durability := coalesce(h.claim_durability, 'local');
end
$$;

comment on function talkme.history_state() is
  'Whether the database is the acknowledged one of talkme.history; if not, what changed, since when, and from when on it may be acknowledged';

revoke execute on function talkme.history_state() from public;
grant execute on function talkme.history_state() to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- recipient/numbering-plans.sql eeb792fd8d62 ----

-- For each calling code: the pattern of a national number, the prefix that people write before it, such as (0), and what stands
-- for that, if anything. From libphonenumber's metadata: packages/outbox/test/recipient-key.test.ts.
create or replace function talkme.numbering_plans() returns jsonb
language sql immutable parallel safe
return '{
    "1":["[2-9][0-9]{9}|3[0-9]{6}","1"],"20":["[189][0-9]{8,9}|[24-6][0-9]{8}|[135][0-9]{7}","0"],"211":["[19][0-9]{8}","0"],
    "212":["[5-8][0-9]{8}","0"],"213":["(?:[1-4]|[5-79][0-9]|80)[0-9]{7}","0"],"216":["[2-57-9][0-9]{7}"],"218":["[2-9][0-9]{8}","0"],
    "220":["[48][0-9]{8}|[2-9][0-9]{6}"],"221":["(?:[378][0-9]|93)[0-9]{7}"],"222":["(?:[2-4][0-9][0-9]|800)[0-9]{5}"],"223":["[24-9][0-9]{7}"],
    "224":["722[0-9]{6}|(?:3|6[0-9])[0-9]{7}"],"225":["[02][0-9]{9}"],"226":["[024-7][0-9]{7}"],"227":["[027-9][0-9]{7}"],"228":["[279][0-9]{7}"],
    "229":["01[0-9]{8}"],"230":["(?:[57]|8[0-9][0-9])[0-9]{7}|[2-468][0-9]{6}"],"231":["(?:[2457][0-9]|33|88)[0-9]{7}|(?:2[0-9]|[4-6])[0-9]{6}","0"],
    "232":["(?:[237-9][0-9]|66)[0-9]{6}","0"],"233":["[235][0-9]{8}|800[0-9]{5,6}","0"],"234":["(?:20|9[0-9])[0-9]{8}|[78][0-9]{9,13}","0"],
    "235":["(?:22|[3689][0-9]|77)[0-9]{6}"],"236":["8776[0-9]{4}|(?:[27][0-9]|61)[0-9]{6}"],"237":["[26][0-9]{8}|88[0-9]{6,7}"],
    "238":["(?:[2-59][0-9][0-9]|800)[0-9]{4}"],"239":["(?:22|9[0-9])[0-9]{5}"],"240":["222[0-9]{6}|(?:3[0-9]|55|[89]0)[0-9]{7}"],
    "241":["(?:[067][0-9]|11)[0-9]{6}|[2-7][0-9]{6}","0(11[0-9]{6}|60[0-9]{6}|61[0-9]{6}|6[256][0-9]{6}|7[467][0-9]{6})","$1"],
    "242":["222[0-9]{6}|(?:0[0-9]|80)[0-9]{7}"],"243":["(?:(?:[189]|5[0-9])[0-9]|2)[0-9]{7}|[1-68][0-9]{6}","0"],"244":["[29][0-9]{8}"],
    "245":["[49][0-9]{8}|4[0-9]{6}"],"246":["3[0-9]{6}"],"247":["(?:[01589][0-9]|[2-467])[0-9]{4}"],"248":["(?:[2489][0-9]|64)[0-9]{5}"],
    "249":["[19][0-9]{8}","0"],"250":["(?:06|[27][0-9][0-9]|[89]00)[0-9]{6}","0"],"251":["(?:11|[2-57-9][0-9])[0-9]{7}","0"],
    "252":["[346-9][0-9]{8}|[12679][0-9]{7}|[1-5][0-9]{6}|[1348][0-9]{5}","0"],"253":["(?:2[0-9]|77)[0-9]{6}"],
    "254":["(?:[17][0-9][0-9]|900)[0-9]{6}|(?:2|80)0[0-9]{6,7}|[4-6][0-9]{6,8}","0"],"255":["(?:[25-8][0-9]|41|90)[0-9]{7}","0"],
    "256":["800[0-9]{6}|(?:[29]0|[347][0-9])[0-9]{7}","0"],"257":["(?:[267][0-9]|31)[0-9]{6}"],"258":["(?:2|8[0-9])[0-9]{7}"],
    "260":["800[0-9]{6}|(?:21|[579][0-9]|63)[0-9]{7}","0"],"261":["[23][0-9]{8}","([24-9][0-9]{6})$|0","20$1"],
    "262":["709[0-9]{6}|(?:26|[689][0-9])[0-9]{7}","0"],"263":["8[0-9]{6}(?:[0-9]{3})?|[235-8][0-9]{8}","0"],"264":["[68][0-9]{7,8}","0"],
    "265":["(?:[1289][0-9]|31|77)[0-9]{7}|1[0-9]{6}","0"],"266":["(?:[256][0-9][0-9]|800)[0-9]{5}"],
    "267":["90[0-9]{5}|(?:0800|[2-6]|(?:7|800)[0-9])[0-9]{6}"],"268":["0800[0-9]{4}|(?:[237][0-9]|900)[0-9]{6}"],"269":["[3478][0-9]{6}"],
    "27":["[1-79][0-9]{8}|8[0-9]{4,9}","0"],"290":["(?:[2569][0-9]|8)[0-9]{3}"],"291":["[178][0-9]{6}","0"],
    "297":["(?:[25-79][0-9][0-9]|800)[0-9]{4}"],"298":["[2-9][0-9]{5}","(10(?:01|[12]0|88))"],"299":["(?:19|[2-689][0-9]|70)[0-9]{4}"],
    "30":["5005000[0-9]{3}|8[0-9]{9,11}|(?:[269][0-9]|70)[0-9]{8}"],
    "31":["(?:[124-7][0-9][0-9]|3(?:[02-9][0-9]|1[0-8]))[0-9]{6}|8[0-9]{6,9}|9[0-9]{6,10}|1[0-9]{4,5}","0"],"32":["4[0-9]{8}|[1-9][0-9]{7}","0"],
    "33":["[1-9][0-9]{8}","0"],"34":["400[0-9]{6}|(?:51|[6-9][0-9])[0-9]{7}"],"350":["(?:[25][0-9]|60)[0-9]{6}"],
    "351":["1693[0-9]{5}|(?:[26-9][0-9]|30)[0-9]{7}"],
    "352":["35[013-9][0-9]{4,8}|6[0-9]{8}|35[0-9]{2,4}|(?:[2457-9][0-9]|3[0-46-9])[0-9]{2,9}","(15(?:0[06]|1[12]|[35]5|4[04]|6[26]|77|88|99)[0-9])"],
    "353":["(?:1[0-9]|[2569])[0-9]{6,8}|4[0-9]{6,9}|7[0-9]{8}|8[0-9]{8,9}","0"],"354":["(?:38[0-9]|[4-9])[0-9]{6}"],
    "355":["(?:700[0-9][0-9]|900)[0-9]{3}|8[0-9]{5,7}|(?:[2-5]|6[0-9])[0-9]{7}","0"],"356":["3550[0-9]{4}|(?:[2579][0-9][0-9]|800)[0-9]{5}"],
    "357":["(?:[279][0-9]|[58]0)[0-9]{6}"],"358":["[1-35689][0-9]{4}|7[0-9]{10,11}|(?:[124-7][0-9]|3[0-46-9])[0-9]{8}|[1-9][0-9]{5,8}","0"],
    "359":["00800[0-9]{7}|[2-7][0-9]{6,7}|[89][0-9]{6,8}|2[0-9]{5}","0"],"36":["[235-7][0-9]{8}|[1-9][0-9]{7}","06"],
    "370":["(?:[3469][0-9]|52|[78]0)[0-9]{6}","[08]"],"371":["(?:[268][0-9]|78|90)[0-9]{6}"],
    "372":["8[0-9]{9}|[4578][0-9]{7}|(?:[3-8][0-9]|90)[0-9]{5}"],"373":["(?:[235-7][0-9]|[89]0)[0-9]{6}","0"],
    "374":["(?:[1-489][0-9]|55|60|77)[0-9]{6}","0"],
    "375":["(?:[12][0-9]|33|44|902)[0-9]{7}|8(?:0[0-79][0-9]{5,7}|[1-7][0-9]{9})|8(?:1[0-489]|[5-79][0-9])[0-9]{7}|8[1-79][0-9]{6,7}|8[0-79][0-9]{5}|8[0-9]{5}","0|80?"],
    "376":["(?:1|6[0-9])[0-9]{7}|[135-9][0-9]{5}"],"377":["(?:[3489]|[67][0-9])[0-9]{7}","0"],
    "378":["(?:0549|[5-7][0-9])[0-9]{6}","([89][0-9]{5})$","0549$1"],"380":["[89][0-9]{9}|[3-9][0-9]{8}","0"],
    "381":["38[02-9][0-9]{6,9}|6[0-9]{7,9}|90[0-9]{4,8}|38[0-9]{5,6}|(?:7[0-9][0-9]|800)[0-9]{3,9}|(?:[12][0-9]|3[0-79])[0-9]{5,10}","0"],
    "382":["(?:20|[3-79][0-9])[0-9]{6}|80[0-9]{6,7}","0"],"383":["2[0-9]{7,8}|3[0-9]{7,11}|(?:4[0-9][0-9]|[89]00)[0-9]{5}","0"],
    "385":["[2-69][0-9]{8}|80[0-9]{5,7}|[1-79][0-9]{7}|6[0-9]{6}","0"],"386":["[1-7][0-9]{7}|8[0-9]{4,7}|90[0-9]{4,6}","0"],
    "387":["6[0-9]{8}|(?:[35689][0-9]|49|70)[0-9]{6}","0"],"389":["[2-578][0-9]{7}","0"],
    "39":["0[0-9]{5,11}|1[0-9]{8,10}|3(?:[0-8][0-9]{7,10}|9[0-9]{7,8})|(?:43|55|70)[0-9]{8}|8[0-9]{5}(?:[0-9]{2,4})?"],
    "40":["(?:[2378][0-9]|90)[0-9]{7}|[23][0-9]{5}","0"],"41":["8[0-9]{11}|[2-9][0-9]{8}","0"],"420":["(?:[2-578][0-9]|60)[0-9]{7}|9[0-9]{8,11}"],
    "421":["[2-689][0-9]{8}|[2-59][0-9]{6}|[2-5][0-9]{5}","0"],"423":["[68][0-9]{8}|(?:[2378][0-9]|90)[0-9]{5}","(1001)|0"],
    "43":["1[0-9]{3,12}|2[0-9]{6,12}|43(?:(?:0[0-9]|5[02-9])[0-9]{3,9}|2[0-9]{4,5}|[3467][0-9]{4}|8[0-9]{4,6}|9[0-9]{4,7})|5[0-9]{4,12}|8[0-9]{7,12}|9[0-9]{8,12}|(?:[367][0-9]|4[0-24-9])[0-9]{4,11}","0"],
    "44":["[1-357-9][0-9]{9}|[18][0-9]{8}|8[0-9]{6}","0|180020"],"45":["[2-9][0-9]{7}"],
    "46":["(?:[26][0-9][0-9]|9)[0-9]{9}|[1-9][0-9]{8}|[1-689][0-9]{7}|[1-4689][0-9]{6}|2[0-9]{5}","0"],"47":["(?:0|[2-9][0-9]{3})[0-9]{4}"],
    "48":["(?:6|8[0-9][0-9])[0-9]{7}|[1-9][0-9]{6}(?:[0-9]{2})?|[26][0-9]{5}"],
    "49":["[2579][0-9]{5,14}|49(?:[34]0|69|8[0-9])[0-9][0-9]?|49(?:37|49|60|7[089]|9[0-9])[0-9]{1,3}|49(?:2[024-9]|3[2-689]|7[1-7])[0-9]{1,8}|(?:1|[368][0-9]|4[0-8])[0-9]{3,13}|49(?:[015][0-9]|2[13]|31|[46][1-8])[0-9]{1,9}","0"],
    "500":["[2-7][0-9]{4}"],"501":["(?:0800[0-9]|[2-8])[0-9]{6}"],"502":["80[0-9]{6}|(?:1[0-9]{3}|[2-7])[0-9]{7}"],
    "503":["[25-7][0-9]{7}|(?:80[0-9]|900)[0-9]{4}(?:[0-9]{4})?"],"504":["8[0-9]{10}|[237-9][0-9]{7}"],"505":["(?:1800|[25-8][0-9]{3})[0-9]{4}"],
    "506":["(?:8[0-9]|90)[0-9]{8}|(?:[24-8][0-9]{3}|3005)[0-9]{4}","(19(?:0[0-2468]|1[09]|20|66|77|99))"],
    "507":["(?:00800|8[0-9]{3})[0-9]{6}|[68][0-9]{7}|[1-57-9][0-9]{6}"],"508":["[78][0-9]{8}|[2-9][0-9]{5}","0"],"509":["[2-589][0-9]{7}"],
    "51":["(?:[14-8]|9[0-9])[0-9]{7}","0"],"52":["[2-9][0-9]{9}"],"53":["(?:[2-7]|8[0-9][0-9])[0-9]{7}|[2-47][0-9]{6}|[34][0-9]{5}","0"],
    "54":["(?:11|[89][0-9][0-9])[0-9]{8}|[2368][0-9]{9}","0?(?:(11|2(?:2(?:02?|[13]|2[13-79]|4[1-6]|5[2457]|6[124-8]|7[1-4]|8[13-6]|9[1267])|3(?:02?|1[467]|2[03-6]|3[13-8]|[49][2-6]|5[2-8]|[67])|4(?:7[3-578]|9)|6(?:[0136]|2[24-6]|4[6-8]?|5[15-8])|80|9(?:0[1-3]|[19]|2[0-9]|3[1-6]|4[02568]?|5[2-4]|6[2-46]|72?|8[23]?))|3(?:3(?:2[79]|6|8[2578])|4(?:0[0-24-9]|[12]|3[5-8]?|4[24-7]|5[4-68]?|6[02-9]|7[126]|8[2379]?|9[1-36-8])|5(?:1|2[1245]|3[237]?|4[1-46-9]|6[2-4]|7[1-6]|8[2-5]?)|6[24]|7(?:[069]|1[1568]|2[15]|3[145]|4[13]|5[14-8]|7[2-57]|8[126])|8(?:[01]|2[15-7]|3[2578]?|4[13-6]|5[4-8]?|6[1-357-9]|7[36-8]?|8[5-8]?|9[124])))15)?","9$1"],
    "56":["12300[0-9]{6}|6[0-9]{9,10}|[2-9][0-9]{8}"],"57":["(?:46|60[0-9][0-9])[0-9]{6}|(?:1[0-9]|[39])[0-9]{9}","0([3579]|4(?:[14]4|56))?"],
    "58":["[68]00[0-9]{7}|(?:[24][0-9]|[59]0)[0-9]{8}","0"],"590":["7090[0-9]{5}|(?:[56]9|[89][0-9])[0-9]{7}","0"],
    "591":["(?:[2-7][0-9][0-9]|8001)[0-9]{5}","0(1[0-9])?"],"592":["(?:[2-8][0-9]{3}|9008)[0-9]{3}"],
    "593":["1[0-9]{9,10}|(?:[2-7]|9[0-9])[0-9]{7}","0"],"594":["(?:694[0-9]|7093)[0-9]{5}|(?:59|[89][0-9])[0-9]{7}","0"],
    "595":["[36-8][0-9]{5,8}|4[0-9]{6,8}|59[0-9]{6}|9[0-9]{5,10}|(?:2[0-9]|5[0-8])[0-9]{6,7}","0"],
    "596":["7091[0-9]{5}|(?:[56]9|[89][0-9])[0-9]{7}","0"],"597":["(?:[2-5]|[6-9][0-9])[0-9]{5}"],
    "598":["0004[0-9]{2,9}|[1249][0-9]{7}|2[0-9]{3,4}|(?:[49][0-9]|80)[0-9]{5}","0"],"599":["(?:[34]1|60|(?:7|9[0-9])[0-9])[0-9]{5}"],
    "60":["1[0-9]{8,9}|(?:3[0-9]|[4-9])[0-9]{7}","0"],
    "61":["1(?:[0-79][0-9]{7}(?:[0-9](?:[0-9]{2})?)?|8[0-24-9][0-9]{7})|[2-478][0-9]{8}|1[0-9]{4,7}","(183[12])|0"],
    "62":["00[1-9][0-9]{9,14}|(?:[1-36]|8[0-9]{5})[0-9]{6}|00[0-9]{9}|[1-9][0-9]{8,10}|[2-9][0-9]{7}","0"],
    "63":["(?:[2-7]|9[0-9])[0-9]{8}|2[0-9]{5}|(?:1800|8)[0-9]{7,9}","0"],
    "64":["[1289][0-9]{9}|50[0-9]{5}(?:[0-9]{2,3})?|[27-9][0-9]{7,8}|(?:[34][0-9]|6[0-35-9])[0-9]{6}|8[0-9]{4,6}","0"],
    "65":["(?:(?:1[0-9]|8)[0-9][0-9]|7000)[0-9]{7}|[3689][0-9]{7}"],"66":["(?:001800|[2-57]|[689][0-9])[0-9]{7}|1[0-9]{7,9}","0"],
    "670":["7[0-9]{7}|(?:[2-47][0-9]|[89]0)[0-9]{5}"],"672":["[13][0-9]{5}","([0-258][0-9]{4})$","3$1"],"673":["[2-578][0-9]{6}"],
    "674":["(?:222|444|(?:55|8[0-9])[0-9]|666|777|999)[0-9]{4}"],"675":["(?:180|[78][0-9]{3})[0-9]{4}|(?:[2-589][0-9]|64)[0-9]{5}"],
    "676":["(?:0800|(?:[5-8][0-9][0-9]|999)[0-9])[0-9]{3}|[2-8][0-9]{4}"],"677":["[6-9][0-9]{6}|[1-6][0-9]{4}"],
    "678":["[57-9][0-9]{6}|(?:[238][0-9]|48)[0-9]{3}"],"679":["45[0-9]{5}|(?:0800[0-9]|[235-9])[0-9]{6}"],
    "680":["(?:[24-8][0-9][0-9]|345|900)[0-9]{4}"],"681":["(?:40|72|8[0-9]{4})[0-9]{4}|[89][0-9]{5}"],"682":["[2-578][0-9]{4}"],
    "683":["(?:[4-7]|888[0-9])[0-9]{3}"],"685":["(?:[2-6]|8[0-9]{5})[0-9]{4}|[78][0-9]{6}|[68][0-9]{5}"],
    "686":["(?:[37][0-9]|6[0-79])[0-9]{6}|(?:[2-48][0-9]|50)[0-9]{3}","0"],"687":["(?:050|[2-57-9][0-9][0-9])[0-9]{3}"],
    "688":["(?:2|7[0-9][0-9]|90)[0-9]{4}"],"689":["4[0-9]{5}(?:[0-9]{2})?|8[0-9]{7,8}"],"690":["[2-47][0-9]{3,6}"],
    "691":["(?:[39][0-9][0-9]|820)[0-9]{4}"],"692":["329[0-9]{4}|(?:[256][0-9]|45)[0-9]{5}","1"],"7":["8[0-9]{13}|[347-9][0-9]{9}","8"],
    "800":["(?:00|[1-9][0-9])[0-9]{6}"],"808":["[1-9][0-9]{7}"],
    "81":["00[1-9][0-9]{6,14}|[25-9][0-9]{9}|(?:00|[1-9][0-9][0-9])[0-9]{6}","(000[2569][0-9]{4,6})$|(?:(?:003768)0?)|0","$1"],
    "82":["00[1-9][0-9]{8,11}|(?:[12]|5[0-9]{3})[0-9]{7}|[13-6][0-9]{9}|(?:[1-6][0-9]|80)[0-9]{7}|[3-6][0-9]{4,5}|(?:00|7)0[0-9]{8}","0(8(?:[1-46-8]|5[0-9][0-9]))?"],
    "84":["[12][0-9]{9}|[135-9][0-9]{8}|[16][0-9]{6,7}|7[0-9]{6}","0"],"850":["85[0-9]{6}|(?:19[0-9]|[2-7])[0-9]{7}","0"],
    "852":["8[0-46-9][0-9]{6,7}|9[0-9]{4,7}|(?:[2-7]|9[0-9]{3})[0-9]{7}"],"853":["0800[0-9]{3}|(?:28|[68][0-9])[0-9]{6}"],
    "855":["1[0-9]{9}|[1-9][0-9]{7,8}","0"],"856":["(?:2[0-9]|3)[0-9]{8}|(?:[235-8][0-9]|41)[0-9]{6}","0"],
    "86":["(?:(?:1[03-689]|2[0-9])[0-9][0-9]|6)[0-9]{8}|1[0-9]{10}|[126][0-9]{6}(?:[0-9](?:[0-9]{2})?)?|86[0-9]{5,6}|(?:[3-579][0-9]|8[0-57-9])[0-9]{5,9}","(1(?:[12][0-9]|79)[0-9][0-9])|0"],
    "870":["7[0-9]{11}|[235-7][0-9]{8}"],"878":["10[0-9]{10}"],
    "880":["[1-469][0-9]{9}|8[0-79][0-9]{7,8}|[2-79][0-9]{8}|[2-9][0-9]{7}|[3-9][0-9]{6}|[57-9][0-9]{5}","0"],"881":["6[0-9]{9}|[0-36-9][0-9]{8}"],
    "882":["[13][0-9]{6}(?:[0-9]{2,5})?|[19][0-9]{7}|(?:[25][0-9][0-9]|4)[0-9]{7}(?:[0-9]{2})?"],"883":["(?:[1-4][0-9]|51)[0-9]{6,10}"],
    "886":["[2-689][0-9]{8}|7[0-9]{9,10}|[2-8][0-9]{7}|2[0-9]{6}","0"],"888":["[0-9]{11}"],
    "90":["4[0-9]{6}|8[0-9]{11,12}|(?:[2-58][0-9][0-9]|900)[0-9]{7}","0"],"91":["(?:000800|[2-9][0-9][0-9])[0-9]{7}|1[0-9]{7,12}","0"],
    "92":["122[0-9]{6}|[24-8][0-9]{10,11}|9(?:[013-9][0-9]{8,10}|2(?:[01][0-9][0-9]|2(?:[06-8][0-9]|1[01]))[0-9]{7})|(?:[2-8][0-9]{3}|92(?:[0-7][0-9]|8[1-9]))[0-9]{6}|[24-9][0-9]{8}|[89][0-9]{7}","0"],
    "93":["[2-7][0-9]{8}","0"],"94":["[1-9][0-9]{8}","0"],"95":["1[0-9]{5,7}|95[0-9]{6}|(?:[4-7]|9[0-46-9])[0-9]{6,8}|(?:2|8[0-9])[0-9]{5,8}","0"],
    "960":["(?:800|9[0-57-9][0-9])[0-9]{7}|[34679][0-9]{6}"],"961":["[27-9][0-9]{7}|[13-9][0-9]{6}","0"],
    "962":["(?:(?:[2689]|7[0-9])[0-9]|32|427|53)[0-9]{6}","0"],"963":["[1-359][0-9]{8}|[1-5][0-9]{7}","0"],
    "964":["(?:1|7[0-9][0-9])[0-9]{7}|[2-6][0-9]{7,8}","0"],"965":["18[0-9]{5}|(?:[2569][0-9]|41)[0-9]{6}"],
    "966":["(?:[15][0-9]|800|92)[0-9]{7}","0"],"967":["(?:1|7[0-9])[0-9]{7}|[1-7][0-9]{6}","0"],
    "968":["(?:1505|[279][0-9]{3}|500)[0-9]{4}|800[0-9]{5,6}"],"970":["[2489]2[0-9]{6}|(?:1[0-9]|5)[0-9]{8}","0"],
    "971":["(?:[4-7][0-9]|9[0-689])[0-9]{7}|800[0-9]{2,9}|[2-4679][0-9]{7}","0"],"972":["1[0-9]{6}(?:[0-9]{3,5})?|[57][0-9]{8}|[1-489][0-9]{7}","0"],
    "973":["[136-9][0-9]{7}"],"974":["800[0-9]{4}|(?:2|800)[0-9]{6}|(?:0080|[3-7])[0-9]{7}"],"975":["[178][0-9]{7}|[2-8][0-9]{6}"],
    "976":["[12][0-9]{7,9}|[5-9][0-9]{7}","0"],"977":["(?:1[0-9]|9)[0-9]{9}|[1-9][0-9]{7}","0"],"979":["[1359][0-9]{8}"],
    "98":["[1-9][0-9]{9}|(?:[1-8][0-9][0-9]|9)[0-9]{3,4}","0"],"992":["(?:[0-57-9][0-9]|66)[0-9]{7}"],"993":["[1-7][0-9]{7}","8"],
    "994":["365[0-9]{6}|(?:[124579][0-9]|60|88)[0-9]{7}","0"],"995":["(?:[3-57][0-9][0-9]|800)[0-9]{6}","0"],"996":["8[0-9]{9}|[235-9][0-9]{8}","0"],
    "998":["(?:20|33|[5-9][0-9])[0-9]{7}"]
  }'::jsonb;

comment on function talkme.numbering_plans() is
  'By calling code: pattern of national numbers, prefix before them, what the prefix stands for; from libphonenumber';

grant execute on function talkme.numbering_plans() to public;


-- ---- recipient/foreign-key.sql b5bc530ee837 ----

create or replace function talkme.foreign_key(digits text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  plans    constant jsonb := talkme.numbering_plans();
  plan     jsonb;
  code     text;
  national text;
  prefix   text[];
  stripped text;
  whole    text;
begin
  if length(digits) not between 7 and 15 then
    return null;
  end if;
  for size in 1..3 loop
    code := left(digits, size);
    plan := plans -> code;
    exit when plan is not null;
  end loop;
  whole := '^(?:' || (plan ->> 0) || ')$';
  national := substr(digits, length(code) + 1);
  prefix := regexp_match(national, '^((?:' || (plan ->> 1) || '))');
  if prefix is not null then
    stripped := coalesce(replace(plan ->> 2, '$1', nullif(prefix[2], '')), '') || substr(national, length(prefix[1]) + 1);
    -- As libphonenumber does: if the number is valid with its first digits, they are not a prefix.
    if national !~ whole or stripped ~ whole then
      national := stripped;
    end if;
  end if;
  return case when national ~ whole then code || national end;
end
$$;

comment on function talkme.foreign_key(text) is
  'Country code and number of the digits after a +, without a prefix that is dialled only within the country; null for what no plan has';

grant execute on function talkme.foreign_key(text) to public;


-- ---- recipient/national-digits.sql ccaef280e6df ----

create or replace function talkme.national_digits(dialled text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  given    constant text collate "C" := dialled;
  -- 55 is the country code only if more digits follow than DDD and number can have: it is also the DDD of Santa Maria.
  national constant text collate "C" := case
    when given ~ '^[+]55' then substr(given, 4)
    when given ~ '^[+]' then null
    when given ~ '^55' and length(given) >= 12 then substr(given, 3)
    else given
  end;
begin
  -- The trunk prefix, after which two digits may choose a carrier.
  return case
    when national !~ '^0' then national
    when national ~ '^0(12|13|14|15|17|21|23|25|26|31|32|34|36|41|43|45|51|55)[0-9]{10,11}$' then substr(national, 4)
    else substr(national, 2)
  end;
end
$$;

comment on function talkme.national_digits(text) is
  'DDD and number of the digits that one dials for a number of Brazil; null for those of another country';

grant execute on function talkme.national_digits(text) to public;


-- ---- recipient/number-key.sql e1d404e41a9c ----

-- The key of a number is what is sent for it: country code and number, as @talkme/core's normalizePhone reads them; a test
-- compares the two. Nothing here raises an error: the keys are columns, and rows come in many ways. What cannot be read gets a
-- key that nothing is sent to: ? and its digits, the same in each spelling, so that it can be erased. All of these functions are immutable: if one of them changes, existing rows and
-- suppressions have to be computed again.
create or replace function talkme.number_key(numero_dest text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  ddd      constant text collate "C" := '^(1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])';
  given    constant text collate "C" := numero_dest;
  dialled  text collate "C";
  national text collate "C";
  key      text collate "C";
  within text collate "C";
begin
  if coalesce(given, '') = '' then
    return null;
  end if;
  -- As nearly all are written.
  if given ~ '^[1-9][0-9]{9,10}$' then
    national := given;
  else
    dialled := talkme.dialled_digits(given);
    if dialled is null and talkme.trim_blanks(given) = '' then
      return null;
    end if;
    national := talkme.national_digits(dialled);
  end if;
  if national is null and dialled is not null then
    national := substr(dialled, 2);
    key := talkme.foreign_key(national);
  else
    key := '55' || case
      when national ~ (ddd || '(9[0-9]{8}|[2-5][0-9]{7})$') then national
      -- A mobile number from before 2016, unless its groups show that a digit is missing.
      when national ~ (ddd || '[6-9][0-9]{7}$')
        and talkme.trim_blanks(given) ~ '[6-9]([0-9]{3}[^0-9]*[0-9]{4}|[0-9]([^0-9]+[0-9]{2}){3})$'
      then overlay(national placing '9' from 3 for 0)
    end;
  end if;
  if key is null and national is null then
    -- What was written around the number, such as tel: or a name, may be all that is wrong.
    within := substring(given from '[+]?[0-9].*[0-9]');
    national := case
      when within <> given then ltrim(talkme.number_key(within), '?')
      else regexp_replace(given, '[^0-9]', '', 'g')
    end;
  end if;
  -- Short enough for an index, whatever it is.
  return coalesce(key, '?' || left(coalesce(national, ''), 40));
end
$$;

comment on function talkme.number_key(text) is
  'Country code and number of a telephone number, in whichever spelling; ? and its digits if nothing can be sent to it; null for none';

grant execute on function talkme.number_key(text) to public;


-- ---- recipient/address-key.sql c8d86df34ac1 ----

create or replace function talkme.address_key(email_dest text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  address constant text collate "C" := talkme.trim_blanks(email_dest);
begin
  return case
    when talkme.is_address(address) then lower(address)
    when address <> '' then '?' || left(lower(address), 254)
  end;
end
$$;

comment on function talkme.address_key(text) is
  'An e-mail address in small letters; with a ? before it if nothing can be sent to it; null for none. Its dots, and what follows a +, are part of it';

grant execute on function talkme.address_key(text) to public;


-- ---- recipient/recipient-key.sql caf14ef2e46a ----

-- One name for a recipient, in whichever spelling the number comes. Suppression, the gap between two messages, the guard against
-- duplicates and the erasure of personal data go by it.
create or replace function talkme.recipient_key(numero_dest text, email_dest text default null) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  return coalesce(talkme.number_key(numero_dest), talkme.address_key(email_dest));
end
$$;

comment on function talkme.recipient_key(text, text) is
  'One name for a recipient, whatever the spelling of the number (with or without 55, +, punctuation or the ninth digit); the e-mail address where there is no number';

grant execute on function talkme.recipient_key(text, text) to public;


-- ---- recipient/recipient-of-row.sql a993c9266d6e ----

-- The value of talkme.outbox.recipient. A table with BEFORE UPDATE triggers computes its generated columns at every update, and
-- reads their expressions anew for each statement: as a function this one is short to read. Its first condition is for what nearly
-- every row has; three cheap tests take half as long as one pattern that says the same.
--
-- It sets no search_path, which would take longer than all the rest: every name is PostgreSQL's, with its schema.
create or replace function talkme.recipient_of_row(numero_dest text, email_dest text, recipient_hash text) returns text
language plpgsql immutable parallel safe
as $$
begin
  return case
    when numero_dest operator(pg_catalog.~~) '__9________' and numero_dest operator(pg_catalog.~) '^[0-9]+$'
      and numero_dest operator(pg_catalog.~) '^(1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])'
      then '55'::pg_catalog.text operator(pg_catalog.||) numero_dest
    else coalesce(recipient_hash, talkme.recipient_key(numero_dest, email_dest))
  end;
end
$$;

comment on function talkme.recipient_of_row(text, text, text) is
  'One name for the recipient of a row, as talkme.recipient_key; the hash once the row is blanked';

-- Whoever writes a row makes its generated column.
grant execute on function talkme.recipient_of_row(text, text, text) to public;


-- ---- tables/outbox.sql 1cb4d9ec6f48 ----

-- The outbox: one row is one message to one person. A producer inserts it, syncd sends it and marks it.
-- What the columns mean to a producer: docs/sql.md. How a row moves from state to state: docs/state-machine.md.
create table talkme.outbox (
  id            bigint      generated always as identity,

  -- Written by the producer.
  account       text        not null default 'default',
  id_campanha   bigint,
  id_wpp        bigint,
  numero_dest   text,
  email_dest    text,
  txtmsg        text,
  assunto       text,
  info_contato  jsonb,
  priority      smallint    not null default 0,
  send_at       timestamptz not null default now(),
  expires_at    timestamptz,
  dedupe_key    text,
  max_attempts  smallint,
  on_unknown    text,
  metadata      jsonb,
  batch_id      bigint,
  created_at    timestamptz not null default now(),

  -- Written by the daemon.
  status        text        not null default 'pending',
  attempts      integer     not null default 0,
  fence         integer     not null default 0,
  claim         bigint,
  retry_at      timestamptz,
  claimed_by    text,
  claimed_at    timestamptz,
  finished_at   timestamptz,
  http_status   smallint,
  reference     text,
  response      text,
  error_code    text,
  error         text,
  blanked_at    timestamptz,

  -- Derived: the queue that the row stands in, and when its turn comes.
  lane          text        collate "C" not null generated always as (
                              account || '/' || coalesce(id_campanha::text, '-') || '/' || coalesce(id_wpp::text, '-')
                            ) stored,
  due_at        timestamptz not null generated always as (greatest(send_at, retry_at)) stored,
  recipient_hash text,
  created_by    name        default talkme.caller(),
  -- A generated column, not one that a trigger fills in: neither disabled triggers nor replication switch it off, and it cannot be
  -- older than the number.
  recipient     text        generated always as (talkme.recipient_of_row(numero_dest, email_dest, recipient_hash)) stored,

  constraint outbox_pkey primary key (id)
) with (
  -- Each message leaves two dead versions of its row. By default autovacuum waits until they are a fifth of the table, which is
  -- years of history: docs/decisions/0015-when-the-outbox-is-vacuumed.md has the measurements.
  autovacuum_vacuum_scale_factor = 0.05
);

comment on table talkme.outbox is 'Messages to send through Talk.me: insert a row and syncd sends it';
comment on column talkme.outbox.id is 'Number of the message; the insert returns it';
comment on column talkme.outbox.account is 'Which configured Talk.me account sends it; credentials are never in the database';
comment on column talkme.outbox.id_campanha is 'Campaign created in Talk.me; it or id_wpp is needed';
comment on column talkme.outbox.id_wpp is 'Channel created in Talk.me; it or id_campanha is needed';
comment on column talkme.outbox.numero_dest is 'WhatsApp number of the recipient, DDD and number; it or email_dest is needed';
comment on column talkme.outbox.email_dest is 'E-mail address of the recipient, in e-mail campaigns';
comment on column talkme.outbox.txtmsg is 'Text; ignored on an official channel, where the approved template is sent';
comment on column talkme.outbox.assunto is 'Subject, in e-mail campaigns';
comment on column talkme.outbox.info_contato is 'The template''s variables as a JSON object of strings; null where the template has none';
comment on column talkme.outbox.priority is 'Smaller goes first within its campaign or channel';
comment on column talkme.outbox.send_at is 'Not sent before this time';
comment on column talkme.outbox.expires_at is 'Not sent after this time: the row becomes expired instead';
comment on column talkme.outbox.dedupe_key is 'Unique per account: a second row with the same key is refused, or skipped by ON CONFLICT DO NOTHING';
comment on column talkme.outbox.max_attempts is 'Overrides the daemon''s TALKME_MAX_ATTEMPTS';
comment on column talkme.outbox.on_unknown is 'hold or resend: what happens to a row that may have been sent; overrides TALKME_ON_UNKNOWN. resend may message a person twice';
comment on column talkme.outbox.metadata is 'The producer''s own data; never sent';
comment on column talkme.outbox.batch_id is 'The batch that it was brought in with, in talkme.batch; null for none';
comment on column talkme.outbox.created_at is 'When the inserting transaction began';
comment on column talkme.outbox.status is 'pending, sending, sent (Talk.me accepted it), failed, unknown (it may have been sent), expired or cancelled';
comment on column talkme.outbox.attempts is 'How many requests were made for it, except those that failed through no fault of the row';
comment on column talkme.outbox.fence is 'Counts the claims, and never shrinks: each attempt names its claim';
comment on column talkme.outbox.claim is 'With claimed_by, the name of the claim: an answer settles this claim only. Negative once settled; null while the row waits, or if it never left';
comment on column talkme.outbox.retry_at is 'Next try after a failure that provably sent nothing';
comment on column talkme.outbox.claimed_by is 'The instance of syncd that claimed the row last';
comment on column talkme.outbox.claimed_at is 'When that instance claimed it';
comment on column talkme.outbox.finished_at is 'When it became sent, failed, expired or cancelled';
comment on column talkme.outbox.http_status is 'HTTP status of the last answer';
comment on column talkme.outbox.reference is 'The identifier found in the answer of Talk.me';
comment on column talkme.outbox.response is 'The first 2 KB of the last answer';
comment on column talkme.outbox.error_code is 'Why it is not sent, as a stable code: see docs/errors.md';
comment on column talkme.outbox.error is 'Why it is not sent and what to do, in a sentence';
comment on column talkme.outbox.blanked_at is 'When its personal data was removed';
comment on column talkme.outbox.lane is 'Account, campaign and channel: rows of one lane never delay those of another';
comment on column talkme.outbox.due_at is 'The later of send_at and retry_at';
comment on column talkme.outbox.recipient_hash is 'What stands for the recipient once the row is blanked';
comment on column talkme.outbox.recipient is 'One name for the recipient, however numero_dest is spelt; a hash once the row is blanked';
comment on column talkme.outbox.created_by is 'The role that inserted it';

-- Every claim reads a range of this index: one lane, one priority, from the last claimed row to now.
create index outbox_ready on talkme.outbox (lane, priority, due_at, id) where status = 'pending';

-- Finds the rows of an instance that died. Not for the settle, whose condition must not imply this predicate: it would walk the
-- dead entries of all that was sent while an old snapshot is kept open.
create index outbox_in_flight on talkme.outbox (claimed_by) where status = 'sending';

-- What people ask about; sent rows, by far the most, are not in it.
create index outbox_attention on talkme.outbox (status, id)
  where status in ('failed', 'unknown', 'expired', 'cancelled');

create index outbox_expiring on talkme.outbox (expires_at) where status = 'pending' and expires_at is not null;

create unique index outbox_dedupe_key on talkme.outbox (account, dedupe_key) where dedupe_key is not null;

-- Rows with both a number and an address go by the number; suppression and erasure look for the address too.
create index outbox_address on talkme.outbox (talkme.address_key(email_dest)) where email_dest is not null;

create index outbox_recipient on talkme.outbox (recipient);

create index outbox_finished on talkme.outbox (finished_at) where finished_at is not null;

create index outbox_held on talkme.outbox (id)
  where status operator(pg_catalog.=) 'pending' and retry_at operator(pg_catalog.=) '9999-01-01 00:00:00+00';

-- Counts a batch by status without reading its rows; rows of no batch are not in it.
create index outbox_batch on talkme.outbox (batch_id, status, due_at) where batch_id is not null;

-- A producer sees the rows that it inserted, or that a role whose privileges it has inserted. For everybody else the condition is
-- true, and no part of any plan.
alter table talkme.outbox enable row level security;

create policy outbox_everybody on talkme.outbox to public using (true) with check (true);

create policy outbox_producer on talkme.outbox as restrictive for select to talkme_producer, talkme_marketing using (
  (select exists (
    select from pg_catalog.pg_roles
    where rolname in ('talkme_daemon', 'talkme_viewer', 'talkme_operator') and pg_catalog.pg_has_role(oid, 'usage')
  ))
  -- Evaluated once for the whole statement; raises no error for a role that is gone.
  or created_by = any (array(select rolname from pg_catalog.pg_roles where pg_catalog.pg_has_role(oid, 'usage')))
  -- What a SECURITY DEFINER function has just inserted for its caller, so that it learns the id. No more: whoever owns a
  -- function or trigger would otherwise read all rows of whoever happens to run it.
  or created_at = pg_catalog.now() and created_by = (select talkme.caller())
);

create policy outbox_marketing on talkme.outbox as restrictive for insert to talkme_marketing with check (
  (select exists (
    select from pg_catalog.pg_roles where rolname = 'talkme_producer' and pg_catalog.pg_has_role(oid, 'usage')
  ))
  or talkme.may_use_campaign(id_campanha)
);

comment on policy outbox_everybody on talkme.outbox is 'Grants decide what a role may do with the table';

comment on policy outbox_producer on talkme.outbox is
  'A role that is only a producer sees the rows inserted by itself or by a role that it is a member of';

comment on policy outbox_marketing on talkme.outbox is
  'A role that is only a member of talkme_marketing inserts for the campaigns that it was granted';

grant select on talkme.outbox to talkme_daemon, talkme_operator, talkme_producer, talkme_viewer;
grant insert (account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato, priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata, batch_id) on talkme.outbox to talkme_producer, talkme_marketing;
-- What an insert returns: talkme.messages shows the rest, without numbers.
grant select (id) on talkme.outbox to talkme_marketing;
grant update (status, attempts, fence, claim, retry_at, claimed_by, claimed_at, finished_at, http_status, reference, response, error_code, error) on talkme.outbox to talkme_daemon;


-- ---- roles/caller-is.sql 0313012c526a ----

-- By name, looked up when needed: a company may drop a role. A membership that inherits nothing counts once the role is set, as
-- everywhere in PostgreSQL.
create or replace function talkme.caller_is(roles name[]) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select from pg_roles as r
    where (
        r.rolname = any (roles)
        or r.oid = (select c.relowner from pg_class as c where c.oid = 'talkme.outbox'::regclass)
      )
      and pg_has_role(talkme.caller(), r.oid, 'usage')
  );
end;

comment on function talkme.caller_is(name[]) is 'Whether the caller has the privileges of one of the roles, or of the owner of talkme.outbox';

revoke execute on function talkme.caller_is(name[]) from public;


-- ---- roles/caller-is-creator.sql a3e06ad8988a ----

create or replace function talkme.caller_is_creator(created_by name) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  -- The role may have been dropped since.
  select created_by = talkme.caller() or exists (
    select from pg_roles as r where r.rolname = created_by and pg_has_role(talkme.caller(), r.oid, 'usage')
  );
end;

comment on function talkme.caller_is_creator(name) is 'Whether the caller is the role that inserted a row, or has its privileges';

revoke execute on function talkme.caller_is_creator(name) from public;


-- ---- roles/sees-every-row.sql a7ef5fcbc7de ----

create or replace function talkme.sees_every_row() returns boolean
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return talkme.caller_is('{talkme_operator,talkme_viewer,talkme_daemon}');
end
$$;

comment on function talkme.sees_every_row() is 'Whether the caller sees the rows of everybody, not only its own and those of campaigns that it was granted';

revoke execute on function talkme.sees_every_row() from public;
-- For talkme.messages, whose functions run as its reader.
grant execute on function talkme.sees_every_row() to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- roles/may-use-batch.sql 2d3217416155 ----

create or replace function talkme.may_use_batch(batch_id bigint) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  owner name;
begin
  select b.created_by into owner from talkme.batch as b where b.id = batch_id;
  -- Nearly always it is the caller's own; the other question takes longer.
  return owner is not null
    and (owner = talkme.caller() or talkme.caller_is('{talkme_operator}') or talkme.caller_is_creator(owner));
end
$$;

comment on function talkme.may_use_batch(bigint) is
  'Whether a batch exists and the caller may use it: its creator, a member of that role, or an operator';

revoke execute on function talkme.may_use_batch(bigint) from public;


-- ---- insert/recipient-rules.sql 30bf0e0a1960 ----

-- Asked only for what is not written in the plainest way: see broken_rules. What no key can be made of cannot be sent.
create or replace function talkme.recipient_rules(numero_dest text, email_dest text) returns text[]
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  number   constant text collate "C" := talkme.number_key(numero_dest);
  address  constant text collate "C" := talkme.address_key(email_dest);
  dialled  text collate "C";
  national text collate "C";
  why      text;
begin
  if number ^@ '?' then
    dialled := talkme.dialled_digits(numero_dest);
    national := talkme.national_digits(dialled);
    why := case
      when coalesce(length(national) not in (10, 11), true) then case
        when coalesce(length(ltrim(dialled, '+')), 0) not between 8 and 15 then 'outbox_numero_dest_format'
        when national is null then 'outbox_numero_dest_exists'
        else 'outbox_numero_dest_length'
      end
      when not talkme.is_plain_number(left(national, 2) || '988887777') then 'outbox_numero_dest_ddd'
      else 'outbox_numero_dest_exists'
    end;
  end if;
  return array_remove(array[
    case when number is null and address is null then 'outbox_recipient_given' end,
    why,
    case when address ^@ '?' then 'outbox_email_dest_format' end
  ], null);
end
$$;

comment on function talkme.recipient_rules(text, text) is 'The rules that the recipient of a message breaks';

revoke execute on function talkme.recipient_rules(text, text) from public;


-- ---- insert/broken-rules.sql 58202b6209c4 ----

-- The rules for what a message says by itself, told once: the insert raises the first that is broken, talkme.problems returns all.
-- What each means is in describe_problem. Inlined where it is called: one expression for all rules costs a good row least.
create or replace function talkme.broken_rules(o talkme.outbox) returns text[]
language sql immutable parallel safe
return case
  when (talkme.is_plain_number(o.numero_dest) or o.numero_dest is null and o.email_dest is not null)
    and (o.email_dest is null or talkme.is_address(o.email_dest)) then '{}'
  else talkme.recipient_rules(o.numero_dest, o.email_dest)
end || array_remove(array[
  case when not talkme.is_account_name(o.account) then 'outbox_account_name' end,
  case when o.id_campanha is null and o.id_wpp is null then 'outbox_target_given' end,
  case when not talkme.is_api_number(o.id_campanha) then 'outbox_id_campanha_range' end,
  case when not talkme.is_api_number(o.id_wpp) then 'outbox_id_wpp_range' end,
  case when length(o.txtmsg) > 4096 then 'outbox_txtmsg_length' end,
  case when o.assunto ~ E'[\n\r]' or length(o.assunto) > 255 then 'outbox_assunto_format' end,
  case
    when o.assunto <> '' and o.info_contato is null and talkme.address_key(o.email_dest) is null then 'outbox_assunto_has_method'
  end,
  case when not isfinite(o.send_at) or o.send_at < '2000-01-01 00:00:00+00' then 'outbox_send_at_range' end,
  case when o.expires_at <= o.send_at then 'outbox_expires_after_send_at' end,
  case when length(o.dedupe_key) not between 1 and 255 then 'outbox_dedupe_key_length' end,
  case when o.max_attempts not between 1 and 1000 then 'outbox_max_attempts_range' end,
  case when o.on_unknown not in ('hold', 'resend') then 'outbox_on_unknown_known' end
], null);

comment on function talkme.broken_rules(talkme.outbox) is
  'The rules that a message breaks by itself, by their names; its variables have talkme.info_contato_problems';

revoke execute on function talkme.broken_rules(talkme.outbox) from public;


-- ---- insert/describe-problem.sql 37388868936e ----

create or replace function talkme.describe_problem(rule text, o talkme.outbox) returns talkme.problem
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  dialled text;
begin
  if rule in ('outbox_numero_dest_length', 'outbox_numero_dest_ddd', 'outbox_numero_dest_exists') then
    dialled := talkme.national_digits(talkme.dialled_digits(o.numero_dest));
  end if;
  return case rule
    when 'outbox_status_at_insert' then talkme.problem_of(rule, 'status', jsonb_build_object('status', o.status))
    when 'outbox_daemon_columns_at_insert' then talkme.problem_of(rule, 'status')
    when 'outbox_account_name' then talkme.problem_of(rule, 'account', jsonb_build_object('account', o.account))
    when 'outbox_recipient_given' then talkme.problem_of(rule, 'numero_dest')
    when 'outbox_numero_dest_format' then talkme.problem_of(rule, 'numero_dest')
    when 'outbox_numero_dest_length' then talkme.problem_of(rule, 'numero_dest', jsonb_build_object('digits', length(dialled)))
    when 'outbox_numero_dest_ddd' then talkme.problem_of(rule, 'numero_dest', jsonb_build_object('ddd', left(dialled, 2)))
    when 'outbox_numero_dest_exists' then talkme.problem_of(rule, 'numero_dest', jsonb_build_object('fault', case
      when dialled is null then 'country'
      when length(dialled) = 11 then 'mobile'
      when substr(dialled, 3, 1) in ('0', '1') then 'landline'
      else 'groups'
    end))
    when 'outbox_email_dest_format' then talkme.problem_of(rule, 'email_dest')
    when 'outbox_target_given' then talkme.problem_of(rule, 'id_campanha')
    when 'outbox_id_campanha_range' then talkme.problem_of(rule, 'id_campanha', jsonb_build_object('id_campanha', o.id_campanha))
    when 'outbox_id_wpp_range' then talkme.problem_of(rule, 'id_wpp', jsonb_build_object('id_wpp', o.id_wpp))
    when 'outbox_txtmsg_length' then talkme.problem_of(rule, 'txtmsg', jsonb_build_object('characters', length(o.txtmsg)))
    when 'outbox_assunto_format' then talkme.problem_of(rule, 'assunto')
    when 'outbox_assunto_has_method' then talkme.problem_of(rule, 'assunto')
    when 'outbox_send_at_range' then talkme.problem_of(rule, 'send_at', jsonb_build_object('send_at', o.send_at::text))
    when 'outbox_expires_after_send_at' then talkme.problem_of(rule, 'expires_at')
    when 'outbox_dedupe_key_length' then talkme.problem_of(rule, 'dedupe_key')
    when 'outbox_max_attempts_range' then talkme.problem_of(rule, 'max_attempts', jsonb_build_object('max_attempts', o.max_attempts))
    when 'outbox_on_unknown_known' then talkme.problem_of(rule, 'on_unknown', jsonb_build_object('on_unknown', o.on_unknown))
  end;
end
$$;

comment on function talkme.describe_problem(text, talkme.outbox) is
  'What a broken rule means for a message, and what to do';

revoke execute on function talkme.describe_problem(text, talkme.outbox) from public;


-- ---- insert/say-which.sql d61926bb9512 ----

-- talkme.row counts the rows of a transaction, talkme.statement says how many came before the present statement; a savepoint takes
-- both back. The server logs this sentence, and an insert ... select has no values in its text. So a key that repeats what the
-- message says of a person is not shown.
create or replace function talkme.say_which(o talkme.outbox, operation text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  number     constant integer := nullif(current_setting('talkme.row', true), '')::integer;
  before     constant integer := coalesce(nullif(current_setting('talkme.statement', true), '')::integer, 0);
  key_digits constant text := regexp_replace(o.dedupe_key, '[^0-9]', '', 'g');
  private    boolean;
begin
  if operation <> 'INSERT' then
    return talkme.say('which.row', jsonb_build_object('id', o.id));
  end if;
  private := exists (
    select
    from (
      select o.numero_dest union all select o.email_dest
      union all
      select v.value from jsonb_each_text(case when jsonb_typeof(o.info_contato) = 'object' then o.info_contato end) as v
    ) as said (value)
    cross join lateral (select right(regexp_replace(value, '[^0-9]', '', 'g'), 8) as digits) as of_value
    where length(value) >= 4 and position(lower(value) in lower(o.dedupe_key)) > 0
      or length(of_value.digits) = 8 and position(of_value.digits in key_digits) > 0
  );
  return talkme.say(case when private then 'which.private_key' else 'which.of_set' end, jsonb_build_object(
    'number', number - before, 'message', case when before > 0 then number end, 'dedupe_key', left(o.dedupe_key, 255)
  ));
end
$$;

comment on function talkme.say_which(talkme.outbox, text) is
  'Which row of a set was refused: its number in the statement and in the transaction, and its dedupe_key';

revoke execute on function talkme.say_which(talkme.outbox, text) from public;


-- ---- insert/refuse-problem.sql 95f1b285fd80 ----

create or replace function talkme.refuse_problem(problem talkme.problem, o talkme.outbox, operation text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.outbox_refuse(problem.code, problem.complaint, problem.remedy, talkme.say_which(o, operation));
end
$$;

comment on function talkme.refuse_problem(talkme.problem, talkme.outbox, text) is 'Refuses a row for a problem, and says which row it is';

revoke execute on function talkme.refuse_problem(talkme.problem, talkme.outbox, text) from public;


-- ---- insert/check-outbox.sql 59a556181fa2 ----

-- Refuses at the insert what can be refused there, with a message for the person who wrote the insert.
-- A trigger instead of CHECK constraints: a CHECK is evaluated again at every claim and every settle, and its
-- message cannot name the offending variable. Each error still carries a constraint's name (\errverbose shows it).
create or replace function talkme.check_outbox() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  counted text;
  broken  text[];
  problem talkme.problem;
begin
  if tg_op = 'INSERT' then
    -- Numbers the rows, so that a refusal can say which one of a set it is: see say_which. Costs a microsecond.
    counted := set_config('talkme.row', (coalesce(nullif(current_setting('talkme.row', true), ''), '0')::integer + 1)::text, true);
    if new.status <> 'pending' or new.attempts <> 0 or new.fence <> 0
      or num_nonnulls(
        new.retry_at, new.claimed_by, new.claimed_at, new.finished_at, new.http_status, new.reference, new.response,
        new.error_code, new.error
      ) > 0
    then
      broken := array[case when new.status <> 'pending' then 'outbox_status_at_insert' else 'outbox_daemon_columns_at_insert' end];
      perform talkme.refuse_problem(talkme.describe_problem(broken[1], new), new, tg_op);
    end if;
  end if;
  broken := talkme.broken_rules(new);
  if broken <> '{}' then
    perform talkme.refuse_problem(talkme.describe_problem(broken[1], new), new, tg_op);
  end if;
  if new.info_contato is null or talkme.is_plain_info_contato(new.info_contato) then
    return new;
  end if;
  new.info_contato := talkme.plain_info_contato(new.info_contato);
  for problem in select * from talkme.info_contato_problems(new.info_contato) loop
    perform talkme.refuse_problem(problem, new, tg_op);
  end loop;
  return new;
end
$$;

comment on function talkme.check_outbox() is 'Refuses rows that could never be sent, with a message that says why and what to do';

revoke execute on function talkme.check_outbox() from public;

-- A blanked row has no recipient to check.
create or replace trigger check_outbox
  before insert or update of
    account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato, send_at, expires_at,
    dedupe_key, max_attempts, on_unknown
  on talkme.outbox
  for each row when (new.blanked_at is null) execute function talkme.check_outbox();


-- ---- insert/verify-outbox.sql 9b0f53bcce5d ----

-- The last check of every update, whoever writes it, and of a replicated row. It is a trigger, although it runs at each claim and
-- each settlement: CHECK constraints are parsed again for each statement, which takes longer, and cannot explain themselves.
-- It sets no search_path, which would double its cost; functions are called with their schema, so that nobody's
-- better match is called. A session that puts operators of its own before PostgreSQL's deceives only itself.
--
-- claimed_by and claim name a claim. The number is positive while the row is on the wire or in doubt; settling turns its sign, and
-- making the row pending removes it. So a trigger or a person that writes only the status, or changes a message on the wire,
-- cannot have it sent twice or settle another claim.
create or replace function talkme.verify_outbox() returns trigger
language plpgsql
as $$
declare
  fine boolean;
begin
  -- A claim and what ends it have expressions of their own: PL/pgSQL sets up a whole expression in each transaction that meets it.
  if old.status = 'pending' and new.status = 'sending' then
    fine := new.finished_at is null and new.claimed_by is not null and new.claimed_at is not null
      and (new.retry_at is null or pg_catalog.isfinite(new.retry_at))
      and (new.claim is null or new.claim > 0)
      and old.id = new.id
      -- What was judged is what is sent.
      and old.numero_dest is not distinct from new.numero_dest and old.email_dest is not distinct from new.email_dest
      and old.account = new.account and old.id_campanha is not distinct from new.id_campanha
      and old.id_wpp is not distinct from new.id_wpp;
  elsif old.status = 'sending' and new.status in ('sent', 'failed') then
    fine := new.finished_at is not null
      and (new.retry_at is null or pg_catalog.isfinite(new.retry_at))
      and (new.claim is null or new.claim <= 0)
      and old.id = new.id
      and (new.blanked_at is not null
        or old.numero_dest is not distinct from new.numero_dest and old.email_dest is not distinct from new.email_dest
        and old.account = new.account and old.id_campanha is not distinct from new.id_campanha
        and old.id_wpp is not distinct from new.id_wpp and old.txtmsg is not distinct from new.txtmsg
        and old.assunto is not distinct from new.assunto and old.info_contato is not distinct from new.info_contato
        -- Not by a trigger within the transaction that claimed it.
        and old.xmin <> pg_catalog.pg_current_xact_id()::pg_catalog.xid
      );
  else
    fine := case
      when new.finished_at is not null then new.status in ('sent', 'failed', 'expired', 'cancelled')
      when new.status = 'sending' then pg_catalog.num_nulls(new.claimed_by, new.claimed_at) = 0
      else new.status in ('pending', 'unknown')
    end and coalesce(pg_catalog.isfinite(new.retry_at), true)
    and case
      when new.claim is null then true
      when new.status in ('expired', 'cancelled') then coalesce(old.status not in ('sending', 'unknown', 'sent'), true)
      -- A person may decide what is in doubt.
      when new.claim > 0 then new.status in ('sending', 'unknown', 'sent', 'failed')
      else new.status in ('sent', 'failed')
    end
    and case
      when old.status is null then true
      when old.id <> new.id then false
      when old.status in ('pending', 'failed', 'expired', 'cancelled') or new.blanked_at is not null then true
      else old.numero_dest is not distinct from new.numero_dest and old.email_dest is not distinct from new.email_dest
        and old.account = new.account and old.id_campanha is not distinct from new.id_campanha
        and old.id_wpp is not distinct from new.id_wpp and old.txtmsg is not distinct from new.txtmsg
        and old.assunto is not distinct from new.assunto and old.info_contato is not distinct from new.info_contato
        and (new.status <> 'sending' or (
          old.claimed_by = new.claimed_by and old.claimed_at = new.claimed_at
          and old.fence = new.fence and old.claim is not distinct from new.claim
        ))
    end
    and case
      when new.status = old.status or new.blanked_at is not null then true
      -- What was accepted stays sent.
      when old.status = 'sent' then false
      -- Not by a trigger within the transaction that claimed it, or found out that it may have been sent.
      when old.status = 'sending' or old.status = 'unknown' and new.status = 'pending'
        then old.xmin <> pg_catalog.pg_current_xact_id()::pg_catalog.xid
      else true
    end;
  end if;
  if fine then
    -- Retention counts from finished_at: only the owner of the rows may make one look older than it is. For others, and after a
    -- clock was set back, a row ended no earlier than it was inserted.
    if new.finished_at < new.created_at then
      if not pg_catalog.pg_has_role(
        current_user, (select c.relowner from pg_catalog.pg_class as c where c.oid = tg_relid), 'usage'
      ) then
        new.finished_at := new.created_at;
      end if;
    end if;
    return new;
  end if;
  if old.status is not null then
    perform talkme.refuse_edit(old, new);
  end if;
  perform talkme.refuse_contradiction(new);
  return new;
end
$$;

comment on function talkme.verify_outbox() is 'Refuses a row whose status contradicts its other columns, and edits of what is on the wire';

revoke execute on function talkme.verify_outbox() from public;

-- Triggers run in the order of their names: this one sees the row as customers' triggers left it. What a later one
-- changes is found in the row that the settlement returns: turn/settle-and-claim.sql.
create or replace trigger zzz_verify_outbox
  before update on talkme.outbox
  for each row execute function talkme.verify_outbox();

-- For replicated rows.
create or replace trigger verify_outbox_copy
  before insert on talkme.outbox
  for each row execute function talkme.verify_outbox();

alter table talkme.outbox
  enable always trigger zzz_verify_outbox,
  enable replica trigger verify_outbox_copy;


-- ---- insert/verify-recipient.sql 9636ac02cdfc ----

-- After the update, when no trigger of a customer's can change the row any more: zzz_verify_outbox does not see what a trigger
-- with a later name writes. The condition adds less to the update of a row than could be measured (43 µs, both with and without
-- it); the function runs only to refuse.
create or replace function talkme.verify_recipient() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = 'outbox_recipient_at_claim',
    message = talkme.say('recipient_changed', jsonb_build_object('id', new.id, 'status', new.status)),
    hint = talkme.say('recipient_changed.hint');
end
$$;

comment on function talkme.verify_recipient() is
  'Refuses a row on the wire, in doubt or sent whose recipient or lane was changed, even by the last of all triggers';

revoke execute on function talkme.verify_recipient() from public;

create or replace trigger zzz_verify_recipient
  after update on talkme.outbox
  for each row when (
    new.status in ('sending', 'sent', 'unknown') and new.blanked_at is null and (
      old.numero_dest is distinct from new.numero_dest or old.email_dest is distinct from new.email_dest
      or old.account is distinct from new.account or old.id_campanha is distinct from new.id_campanha
      or old.id_wpp is distinct from new.id_wpp
    )
  )
  execute function talkme.verify_recipient();

alter table talkme.outbox enable always trigger zzz_verify_recipient;


-- ---- insert/refuse-edit.sql 5c212966c4b2 ----

-- Everybody who updates may call it; so may they what it calls.
create or replace function talkme.refuse_edit(was talkme.outbox, o talkme.outbox) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  in_flight constant boolean := was.status in ('sending', 'unknown', 'sent');
  rule      text;
  phrase    text;
  changed   text;
begin
  select string_agg(b.key, ', ' order by b.key) into changed
  from jsonb_each(to_jsonb(was)) as b
  join jsonb_each(to_jsonb(o)) as n on n.key = b.key and n.value <> b.value
  where b.key in (
    'account', 'id_campanha', 'id_wpp', 'numero_dest', 'email_dest', 'txtmsg', 'assunto', 'info_contato',
    'claimed_by', 'claimed_at', 'fence', 'claim'
  );
  case
    when was.id <> o.id then
      rule := 'outbox_id_stays';
    when o.status = 'pending' and o.claim is not null
      or was.status = 'sending' and o.status in ('sent', 'failed') and o.claim > 0
      or in_flight and o.status in ('expired', 'cancelled') and o.claim is not null
      or was.status = 'sent' and o.status = 'sending' then
      rule := 'outbox_claim_settled';
      phrase := 'by_hand';
    when was.status = 'pending' and o.status = 'sending' and changed ~ '_dest|account|id_' then
      rule := 'outbox_recipient_at_claim';
    when in_flight and changed is not null then
      rule := 'outbox_message_unchanged';
    when was.status = 'sent' and o.status <> 'sent' or was.status in ('sending', 'unknown') and o.status <> was.status then
      rule := 'outbox_claim_settled';
      phrase := 'just_made';
    else
      return;
  end case;
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = rule,
    message = talkme.say(coalesce(phrase, rule), jsonb_build_object(
      'was_id', was.id, 'was_status', was.status, 'id', o.id, 'status', o.status, 'changed', changed
    )),
    -- Triggers write a status, too: the last sentence is for them.
    hint = concat_ws(
      ' ',
      talkme.say(case
        when was.status = 'sending' then 'edit.sending' when was.status = 'unknown' then 'edit.unknown'
        when was.status = 'sent' then 'edit.sent' else 'edit.other'
      end),
      talkme.say('edit.trigger')
    );
end
$$;

comment on function talkme.refuse_edit(talkme.outbox, talkme.outbox) is
  'Refuses a change of what is on the wire, in doubt or sent, and says which function to call instead; returns if it finds none';

grant execute on function talkme.refuse_edit(talkme.outbox, talkme.outbox) to public;


-- ---- insert/refuse-contradiction.sql 6cca81e29dc9 ----

-- Runs as its owner, so that whoever updates needs no right to call what it calls.
create or replace function talkme.refuse_contradiction(o talkme.outbox) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  rule text;
begin
  if o.status not in ('pending', 'sending', 'sent', 'failed', 'unknown', 'expired', 'cancelled') then
    rule := 'outbox_status_known';
  elsif o.status = 'sending' and num_nulls(o.claimed_by, o.claimed_at) > 0 then
    rule := 'outbox_sending_has_claim';
  elsif not isfinite(o.retry_at) then
    rule := 'outbox_retry_at_finite';
  elsif o.status = 'pending' and o.claim is not null
    or o.claim <= 0 and o.status in ('sending', 'unknown') then
    rule := 'outbox_claim_settled';
  elsif o.status is not null then
    rule := 'outbox_finished_has_time';
  else
    return;
  end if;
  perform talkme.outbox_refuse(
    rule,
    talkme.say(rule, jsonb_build_object(
      'id', o.id, 'status', o.status, 'retry_at', o.retry_at::text, 'claim', o.claim,
      'finished', case when o.finished_at is null then 'without' else 'with' end
    )),
    talkme.say(rule || '.hint')
  );
end
$$;

comment on function talkme.refuse_contradiction(talkme.outbox) is
  'Refuses a row whose status contradicts its other columns; the table itself refuses one without a status';

-- The daemon's own update gets this refusal where a trigger or a person has made a row contradict itself.
revoke execute on function talkme.refuse_contradiction(talkme.outbox) from public;
grant execute on function talkme.refuse_contradiction(talkme.outbox) to talkme_daemon;


-- ---- insert/notify-outbox.sql 1c08208fa989 ----

-- Wakes an idle daemon at the commit of an insert. A notification in every insert would serialise all commits of
-- the database (they take one global lock), so none is sent while every instance is busy: those look on their own.
create or replace function talkme.notify_outbox() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from talkme.instance where listening) then
    perform talkme.notify_daemon();
  end if;
  return null;
end
$$;

comment on function talkme.notify_outbox() is 'Notifies the channel talkme_outbox if an instance of syncd is idle and listening';

revoke execute on function talkme.notify_outbox() from public;

create or replace trigger notify_outbox
  after insert on talkme.outbox
  for each statement execute function talkme.notify_outbox();


-- ---- recipient/recipient-of.sql c27bbe551b14 ----

create or replace function talkme.recipient_of(numero_dest text, email_dest text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  number  constant text := talkme.number_key(numero_dest);
  address constant text := talkme.address_key(email_dest);
begin
  return coalesce(number || ' ' || address, number, address);
end
$$;

comment on function talkme.recipient_of(text, text) is
  'Whom a message goes to: number and address, separated by a space if it has both; as recipientOf of @talkme/core';

revoke execute on function talkme.recipient_of(text, text) from public;
grant execute on function talkme.recipient_of(text, text) to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- policy/parse-sending-window.sql f56a62ebdbe5 ----

-- "mon-fri 9:00-19:00, sat 9:00-13:00" as minutes since Monday 0:00.
create or replace function talkme.parse_sending_window(sending_window text) returns int4multirange
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  days constant jsonb := '{
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "seg": 0, "ter": 1, "qua": 2, "qui": 3, "sex": 4, "sab": 5, "dom": 6
  }';
  part    text;
  matched text[];
  opens   integer;
  closes  integer;
  day     integer;
  minutes int4multirange := '{}';
begin
  if sending_window is null then
    return null;
  end if;
  foreach part in array string_to_array(lower(sending_window collate "C") || ',', ',') loop
    -- The empty part after the last comma; alone, it is not a window.
    continue when part = '' and minutes <> '{}';
    matched := regexp_match(part, E'^\\s*([a-z]{3})(?:\\s*-\\s*([a-z]{3}))?\\s+([0-9]{1,2})(?::([0-9]{2}))?\\s*-\\s*([0-9]{1,2})(?::([0-9]{2}))?\\s*$');
    opens := matched[3]::integer * 60 + coalesce(matched[4], '0')::integer;
    closes := matched[5]::integer * 60 + coalesce(matched[6], '0')::integer;
    if matched is null or not days ? matched[1] or not days ? coalesce(matched[2], matched[1])
      or coalesce(matched[4], '0')::integer > 59 or coalesce(matched[6], '0')::integer > 59 or closes > 1440 or opens >= closes
    then
      raise exception using
        errcode = 'invalid_parameter_value',
        message = talkme.say('sending_window', jsonb_build_object('part', btrim(part))),
        hint = talkme.say('sending_window.hint');
    end if;
    day := (days ->> matched[1])::integer;
    loop
      minutes := minutes + int4multirange(int4range(day * 1440 + opens, day * 1440 + closes));
      exit when day = (days ->> coalesce(matched[2], matched[1]))::integer;
      day := (day + 1) % 7;
    end loop;
  end loop;
  return minutes;
end
$$;

comment on function talkme.parse_sending_window(text) is
  'The minutes of a week, counted from Monday 0:00, in a text such as mon-fri 9:00-19:00, sat 9:00-13:00';

-- A generated column calls it with the rights of whoever writes the row: anybody who was granted the insert. It reads no table.
grant execute on function talkme.parse_sending_window(text) to public;


-- ---- tables/area.sql 5479820f5264 ----

create table talkme.area (
  prefix        text        collate "C" not null,
  state         text        not null,
  time_zone     text        not null,

  constraint area_pkey primary key (prefix)
);

comment on table talkme.area is 'Where Brazilian numbers are, by the longest matching prefix of DDD and number';
comment on column talkme.area.prefix is 'DDD, or DDD and the first digits of the number';
comment on column talkme.area.state is 'State, as two letters';
comment on column talkme.area.time_zone is 'Time zone';

grant select on talkme.area to talkme_daemon, talkme_operator, talkme_viewer;

insert into talkme.area (prefix, state, time_zone)
select ddd, state, 'America/' || zone
from (values
  ('11 12 13 14 15 16 17 18 19', 'SP', 'Sao_Paulo'),
  ('21 22 24', 'RJ', 'Sao_Paulo'),
  ('27 28', 'ES', 'Sao_Paulo'),
  ('31 32 33 34 35 37 38', 'MG', 'Sao_Paulo'),
  ('41 42 43 44 45 46', 'PR', 'Sao_Paulo'),
  ('47 48 49', 'SC', 'Sao_Paulo'),
  ('51 53 54 55', 'RS', 'Sao_Paulo'),
  ('61', 'DF', 'Sao_Paulo'),
  ('62 64', 'GO', 'Sao_Paulo'),
  ('63', 'TO', 'Araguaina'),
  ('65 66', 'MT', 'Cuiaba'),
  ('67', 'MS', 'Campo_Grande'),
  ('68', 'AC', 'Rio_Branco'),
  ('69', 'RO', 'Porto_Velho'),
  ('71 73 74 75 77', 'BA', 'Bahia'),
  ('79', 'SE', 'Maceio'),
  ('81 87', 'PE', 'Recife'),
  ('813619', 'PE', 'Noronha'),
  ('82', 'AL', 'Maceio'),
  ('83', 'PB', 'Fortaleza'),
  ('84', 'RN', 'Fortaleza'),
  ('85 88', 'CE', 'Fortaleza'),
  ('86 89', 'PI', 'Fortaleza'),
  ('91 93 94', 'PA', 'Belem'),
  ('92 97', 'AM', 'Manaus'),
  ('95', 'RR', 'Boa_Vista'),
  ('96', 'AP', 'Belem'),
  ('98 99', 'MA', 'Fortaleza')
) as area (ddds, state, zone)
cross join lateral string_to_table(ddds, ' ') as ddd;


-- ---- tables/holiday.sql 2fe26d4fe340 ----

create table talkme.holiday (
  day           date        not null,
  state         text        not null default '*',
  name          text        not null,

  constraint holiday_pkey primary key (day, state),
  constraint holiday_state_known check (state ~ '^([A-Z]{2}|[*])$')
);

comment on table talkme.holiday is 'Days on which no sending window opens';
comment on column talkme.holiday.day is 'The day, by the recipient''s calendar';
comment on column talkme.holiday.state is 'The state, as two letters; * for the whole country';
comment on column talkme.holiday.name is 'Name of the holiday';

grant select on talkme.holiday to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- tables/account.sql eb0fe46701b1 ----

create table talkme.account (
  account         text        not null,
  sending_window  text,
  open_minutes    int4multirange generated always as (talkme.parse_sending_window(sending_window)) stored,
  recipient_gap   interval,
  retention       interval,
  delete_after    interval,

  constraint account_pkey primary key (account),
  constraint account_name check (talkme.is_account_name(account)),
  constraint account_recipient_gap_positive check (recipient_gap > interval '0' and recipient_gap <= interval '10 years'),
  constraint account_retention_positive check (retention >= interval '0' and retention <= interval '1000 years'),
  constraint account_delete_after_retention check (delete_after >= coalesce(retention, interval '0') and delete_after <= interval '1000 years')
);

comment on table talkme.account is 'Settings of an account, for all of its campaigns and channels unless talkme.campaign says otherwise. An account needs no row here to send';
comment on column talkme.account.account is 'As in talkme.outbox';
comment on column talkme.account.sending_window is 'When people may be written to, by their own clocks: mon-fri 9:00-19:00, sat 9:00-13:00; null for always';
comment on column talkme.account.open_minutes is 'The same as minutes of the week';
comment on column talkme.account.recipient_gap is 'How long after a message to a number the next one may go to it; null: at once';
comment on column talkme.account.retention is 'How long after finishing a row keeps personal data; null: for ever';
comment on column talkme.account.delete_after is 'How long after finishing a row is deleted; null: never';

grant select on talkme.account to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- tables/campaign.sql 7803f37ecf8a ----

-- What a company may say about its campaigns: what a message needs, when and how often people may be written to, and what looks
-- like an accident. All of it is off until a row says otherwise.
create table talkme.campaign (
  account             text        not null default 'default',
  id_campanha         bigint      not null,
  name                text        not null,
  required_variables  text[]      not null default '{}',
  active              boolean     not null default true,
  rate_per_second     numeric,
  sending_window      text,
  open_minutes        int4multirange generated always as (talkme.parse_sending_window(sending_window)) stored,
  recipient_gap       interval,
  retention           interval,
  delete_after        interval,
  duplicate_window    interval,
  on_duplicate        text        not null default 'refuse',
  burst_limit         integer,

  constraint campaign_pkey primary key (account, id_campanha),
  constraint campaign_account_name check (talkme.is_account_name(account)),
  constraint campaign_id_campanha_range check (talkme.is_api_number(id_campanha)),
  constraint campaign_required_variables_known check (required_variables <@ (talkme.known_variables() || 'PRIMEIRO_NOME'::text)),
  constraint campaign_rate_range check (rate_per_second > 0 and rate_per_second <= 100000),
  constraint campaign_recipient_gap_positive check (recipient_gap >= interval '0' and recipient_gap <= interval '10 years'),
  constraint campaign_retention_positive check (retention >= interval '0' and retention <= interval '1000 years'),
  constraint campaign_delete_after_retention check (delete_after >= coalesce(retention, interval '0') and delete_after <= interval '1000 years'),
  constraint campaign_duplicate_window_positive check (duplicate_window > interval '0' and duplicate_window <= interval '10 years'),
  constraint campaign_on_duplicate_known check (on_duplicate in ('refuse', 'hold')),
  constraint campaign_burst_limit_positive check (burst_limit > 0)
);

comment on table talkme.campaign is 'Settings of campaigns. One without a row here is sent as it is';
comment on column talkme.campaign.account is 'As in talkme.outbox';
comment on column talkme.campaign.id_campanha is 'As in talkme.outbox';
comment on column talkme.campaign.name is 'For people';
comment on column talkme.campaign.required_variables is 'Variables of info_contato that a message needs, not blank; PRIMEIRO_NOME stands for nome';
comment on column talkme.campaign.active is 'While false, inserts are refused and waiting rows stay';
comment on column talkme.campaign.rate_per_second is 'Messages a second, all instances together; overrides the rate that syncd is configured with';
comment on column talkme.campaign.sending_window is 'When people may be written to, by their own clocks: mon-fri 9:00-19:00, sat 9:00-13:00; null for the account''s';
comment on column talkme.campaign.open_minutes is 'The same as minutes of the week';
comment on column talkme.campaign.recipient_gap is 'How long after a message of any campaign to a number one of this campaign may go to it; null: as the account; 0: at once';
comment on column talkme.campaign.retention is 'How long after finishing a row keeps personal data; null: as the account';
comment on column talkme.campaign.delete_after is 'How long after finishing a row is deleted; null: as the account';
comment on column talkme.campaign.duplicate_window is 'A row with the same recipient and variables as one inserted within this time is an accident; null: never';
comment on column talkme.campaign.on_duplicate is 'What happens to it: refuse fails the insert, hold keeps it until talkme.resume';
comment on column talkme.campaign.burst_limit is 'An insert of more rows than this is an accident: they are held until talkme.resume; null: any number';

grant select on talkme.campaign to talkme_daemon, talkme_operator, talkme_viewer, talkme_marketing;


-- ---- tables/paused.sql e45f72708819 ----

create table talkme.paused (
  scope         text        not null,
  reason        text        not null,
  paused_by     name        not null default talkme.caller(),
  paused_at     timestamptz not null default now(),

  constraint paused_pkey primary key (scope),
  constraint paused_scope_known check (talkme.scope_parts(scope) is not null)
);

comment on table talkme.paused is 'What talkme.pause has stopped: none of its rows is claimed until talkme.resume';
comment on column talkme.paused.scope is 'all, account:NAME, campaign:ID, channel:ID or batch:ID';
comment on column talkme.paused.reason is 'Why, in the words of whoever paused it';
comment on column talkme.paused.paused_by is 'Who paused it';
comment on column talkme.paused.paused_at is 'Since when';

grant select on talkme.paused to talkme_daemon, talkme_operator, talkme_viewer, talkme_marketing, talkme_producer;


-- ---- tables/suppression.sql a3e991961819 ----

create table talkme.suppression (
  recipient     text        not null,
  reason        text        not null,
  suppressed_by name        not null default talkme.caller(),
  suppressed_at timestamptz not null default now(),

  constraint suppression_pkey primary key (recipient),
  -- Another spelling would match nobody.
  constraint suppression_recipient_key check (
    recipient !~ '^[?]'
    and coalesce(recipient = talkme.number_key('+' || recipient) or recipient = talkme.address_key(recipient), false)
  )
);

comment on table talkme.suppression is 'Recipients to whom nothing is sent: see talkme.suppress';
comment on column talkme.suppression.recipient is 'As in talkme.outbox.recipient';
comment on column talkme.suppression.reason is 'Why, such as a request of the person';
comment on column talkme.suppression.suppressed_by is 'Who suppressed it';
comment on column talkme.suppression.suppressed_at is 'Since when';

grant select on talkme.suppression to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- tables/gap-claim.sql 94cc41f6fafc ----

-- Two instances that claim rows for one recipient at the same moment do not see each other's claims: compare-and-set on the
-- number lets only one of them through.
create table talkme.gap_claim (
  recipient     text        not null,
  number        bigint      not null default 1,
  taken_at      timestamptz not null default now(),

  constraint gap_claim_pkey primary key (recipient)
) with (fillfactor = 70);

comment on table talkme.gap_claim is 'Recent recipients of campaigns with a recipient gap: lets one claim at a time decide about each';
comment on column talkme.gap_claim.recipient is 'As in talkme.outbox.recipient';
comment on column talkme.gap_claim.number is 'Grows with each claim of a row for the recipient';
comment on column talkme.gap_claim.taken_at is 'When the last row was claimed';

grant select on talkme.gap_claim to talkme_operator, talkme_viewer;
grant select, insert, update on talkme.gap_claim to talkme_daemon;


-- ---- tables/check-setting.sql 1b28d6160c7e ----

-- The constraints of these tables once more, in words: psql's error for a CHECK constraint says neither what is wrong nor what
-- would be right. Raises the first rule that does not hold, under the name of its constraint.
create or replace function talkme.check_setting() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  variables constant text[] := talkme.known_variables() || 'PRIMEIRO_NOME'::text;
  about     jsonb := to_jsonb(new);
  broken    text;
begin
  case tg_table_name
    when 'account' then
      select r.rule into broken from (values
        ('account_name', talkme.is_account_name(new.account)),
        ('account_recipient_gap_positive', new.recipient_gap > interval '0' and new.recipient_gap <= interval '10 years'),
        ('account_retention_positive', new.retention >= interval '0' and new.retention <= interval '1000 years'),
        (
          'account_delete_after_retention',
          new.delete_after >= coalesce(new.retention, interval '0') and new.delete_after <= interval '1000 years'
        )
      ) as r (rule, holds) where not r.holds limit 1;
    when 'campaign' then
      select r.rule into broken from (values
        ('campaign_account_name', talkme.is_account_name(new.account)),
        ('campaign_id_campanha_range', talkme.is_api_number(new.id_campanha)),
        ('campaign_required_variables_known', new.required_variables <@ variables),
        ('campaign_rate_range', new.rate_per_second > 0 and new.rate_per_second <= 100000),
        ('campaign_recipient_gap_positive', new.recipient_gap >= interval '0' and new.recipient_gap <= interval '10 years'),
        ('campaign_retention_positive', new.retention >= interval '0' and new.retention <= interval '1000 years'),
        (
          'campaign_delete_after_retention',
          new.delete_after >= coalesce(new.retention, interval '0') and new.delete_after <= interval '1000 years'
        ),
        ('campaign_duplicate_window_positive', new.duplicate_window > interval '0' and new.duplicate_window <= interval '10 years'),
        ('campaign_on_duplicate_known', new.on_duplicate in ('refuse', 'hold')),
        ('campaign_burst_limit_positive', new.burst_limit > 0)
      ) as r (rule, holds) where not r.holds limit 1;
    when 'holiday' then
      broken := case when new.state !~ '^([A-Z]{2}|[*])$' then 'holiday_state_known' end;
  end case;
  if broken is null then
    return new;
  end if;
  about := about || jsonb_build_object('none', case when about -> 'retention' = 'null' then 'null' end, 'known', array_to_string(variables, ', '));
  if broken = 'campaign_required_variables_known' then
    about := about || jsonb_build_object('unknown', (
      select string_agg(quote_literal(v), ', ') from unnest(new.required_variables) as v where v <> all (variables)
    ));
  end if;
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = tg_table_name, constraint = broken,
    message = talkme.say(broken, about), hint = talkme.say(broken || '.hint', about);
end
$$;

comment on function talkme.check_setting() is 'Says what is wrong with a row of a settings table, and what would be right';

revoke execute on function talkme.check_setting() from public;

create or replace trigger check_setting before insert or update on talkme.account
for each row execute function talkme.check_setting();

create or replace trigger check_setting before insert or update on talkme.campaign
for each row execute function talkme.check_setting();

create or replace trigger check_setting before insert or update on talkme.holiday
for each row execute function talkme.check_setting();


-- ---- hold/held-until.sql 0ca7c5c9807d ----

-- A held row is pending, with a retry_at that never comes.
create or replace function talkme.held_until() returns timestamptz
language sql immutable parallel safe
return timestamptz '9999-01-01 00:00:00+00';

comment on function talkme.held_until() is 'The retry_at of a pending row that waits for talkme.resume';

revoke execute on function talkme.held_until() from public;
grant execute on function talkme.held_until() to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- hold/batch-paused-error.sql 31720e1aaeb2 ----

create or replace function talkme.batch_paused_error() returns text
language sql immutable parallel safe
return 'Its batch is paused (talkme.paused): it waits for talkme.resume.';

comment on function talkme.batch_paused_error() is 'The error of a row whose batch is paused';

revoke execute on function talkme.batch_paused_error() from public;


-- ---- insert/missing-variables.sql 7515088f2f50 ----

create or replace function talkme.missing_variables(campaign talkme.campaign, info_contato jsonb) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select string_agg(
      case required when 'PRIMEIRO_NOME' then 'nome (for PRIMEIRO_NOME)' else required end, ', ' order by place
    )
    from unnest(campaign.required_variables) with ordinality as variable (required, place)
    where coalesce(talkme.is_blank(info_contato ->> case required when 'PRIMEIRO_NOME' then 'nome' else required end), true)
  );
end
$$;

comment on function talkme.missing_variables(talkme.campaign, jsonb) is
  'The variables that a campaign needs and a message lacks, as a list; null if it lacks none';

revoke execute on function talkme.missing_variables(talkme.campaign, jsonb) from public;


-- ---- tables/duplicate-lock.sql 7e5382ac80ad ----

-- An insert into a campaign with a duplicate_window locks the campaign's row until it commits. One row per campaign: a lock for
-- each recipient would fill the server's lock table, and could deadlock two inserts. A row, not an advisory lock: a transaction
-- with an older snapshot does not see later inserts, and gets 40001 for writing this row.
create table talkme.duplicate_lock (
  account       text        not null,
  id_campanha   bigint      not null,
  taken_by      xid8        not null,

  constraint duplicate_lock_pkey primary key (account, id_campanha)
) with (fillfactor = 50);

comment on table talkme.duplicate_lock is 'Campaigns with a duplicate_window: lets one transaction at a time insert into each';
comment on column talkme.duplicate_lock.account is 'As in talkme.campaign';
comment on column talkme.duplicate_lock.id_campanha is 'As in talkme.campaign';
comment on column talkme.duplicate_lock.taken_by is 'The transaction that inserted last';

grant select on talkme.duplicate_lock to talkme_operator, talkme_viewer;


-- ---- insert/find-duplicate.sql 925b1a7e1f73 ----

create or replace function talkme.find_duplicate(
  o talkme.outbox, duplicate_window interval, out id bigint, out created_at timestamptz, out created_by name
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  key text := talkme.recipient_key(o.numero_dest, o.email_dest);
begin
  select r.id, r.created_at, r.created_by into id, created_at, created_by
  from talkme.outbox as r
  where r.recipient = key and r.account = o.account and r.id_campanha = o.id_campanha
    and r.info_contato is not distinct from o.info_contato
    and r.created_at > now() - duplicate_window
    and r.status not in ('failed', 'expired', 'cancelled')
  limit 1;
  -- The same address is the same person, too.
  if id is null and o.email_dest <> '' then
    key := talkme.address_key(o.email_dest);
    select r.id, r.created_at, r.created_by into id, created_at, created_by
    from talkme.outbox as r
    where r.email_dest is not null and talkme.address_key(r.email_dest) = key
      and r.account = o.account and r.id_campanha = o.id_campanha
      and r.info_contato is not distinct from o.info_contato
      and r.created_at > now() - duplicate_window
      and r.status not in ('failed', 'expired', 'cancelled')
    limit 1;
  end if;
end
$$;

comment on function talkme.find_duplicate(talkme.outbox, interval) is
  'A row of the campaign with the same recipient and variables, inserted within the window, that did not end without success';

revoke execute on function talkme.find_duplicate(talkme.outbox, interval) from public;


-- ---- insert/guard-problems.sql 2f39f1dfea13 ----

-- The rules of the guards, told once: guard_outbox raises the first that is broken, talkme.problems returns all.
create or replace function talkme.guard_problems(o talkme.outbox, inserting boolean) returns setof talkme.problem
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  campaign talkme.campaign;
  missing  text;
  earlier  record;
  problem  talkme.problem;
begin
  if o.batch_id is not null then
    if not talkme.may_use_batch(o.batch_id) then
      return next talkme.problem_of('outbox_batch_exists', 'batch_id', jsonb_build_object('batch_id', o.batch_id));
    end if;
  end if;

  select * into campaign from talkme.campaign as c where c.account = o.account and c.id_campanha = o.id_campanha;
  if not found then
    return;
  end if;

  if inserting and not campaign.active then
    return next talkme.problem_of(
      'outbox_campaign_active', 'id_campanha', jsonb_build_object('id_campanha', campaign.id_campanha, 'name', campaign.name)
    );
  end if;

  missing := talkme.missing_variables(campaign, o.info_contato);
  if missing is not null then
    return next talkme.problem_of(
      'outbox_campaign_variables', 'info_contato',
      jsonb_build_object('id_campanha', campaign.id_campanha, 'name', campaign.name, 'missing', missing)
    );
  end if;

  if inserting and campaign.duplicate_window is not null and campaign.on_duplicate = 'refuse' then
    earlier := talkme.find_duplicate(o, campaign.duplicate_window);
    if earlier.id is not null then
      problem := talkme.problem_of('outbox_duplicate', 'numero_dest', jsonb_build_object(
        'id_campanha', campaign.id_campanha, 'at', earlier.created_at, 'id', earlier.id,
        'duplicate_window', campaign.duplicate_window
      ));
      -- A producer does not see the rows of others: it learns only that there is one.
      if not (talkme.caller_is_creator(earlier.created_by) or talkme.caller_is('{talkme_viewer,talkme_operator}')) then
        problem.complaint := talkme.say('outbox_duplicate.anothers', jsonb_build_object('id_campanha', campaign.id_campanha));
      end if;
      return next problem;
    end if;
  end if;
end
$$;

comment on function talkme.guard_problems(talkme.outbox, boolean) is
  'The rules of its batch and campaign that a message breaks';

revoke execute on function talkme.guard_problems(talkme.outbox, boolean) from public;


-- ---- insert/guard-outbox.sql 0b739a0b0540 ----

-- The guards: what an insert has to pass once it is well-formed. Runs after check_outbox, because triggers run in the order of
-- their names, and with its owner's rights: a producer reads no settings.
create or replace function talkme.guard_outbox() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  campaign talkme.campaign;
  batch    record;
  earlier  record;
  refused  boolean := false;
  problem  talkme.problem;
begin
  if new.batch_id is not null and (tg_op = 'INSERT' or new.batch_id is distinct from old.batch_id) then
    -- One question for nearly all rows. Not by talkme.caller(), which is planned again wherever another search_path holds, 30 us.
    select b.created_by = new.created_by as own, (select true from talkme.paused as p where p.scope = 'batch:' || b.id) as paused
    into batch from talkme.batch as b where b.id = new.batch_id;
    if batch.own is not true and not talkme.may_use_batch(new.batch_id) then
      refused := true;
    elsif tg_op = 'INSERT' and batch.paused then
      new.retry_at := talkme.held_until();
      new.error_code := 'batch_paused';
      new.error := talkme.batch_paused_error();
    end if;
  end if;

  select * into campaign from talkme.campaign as c where c.account = new.account and c.id_campanha = new.id_campanha;
  if not found and not refused then
    return new;
  end if;

  if refused then
    null;
  elsif tg_op = 'INSERT' and not campaign.active or talkme.missing_variables(campaign, new.info_contato) is not null then
    refused := true;
  elsif tg_op = 'INSERT' and campaign.duplicate_window is not null then
    -- Of two inserts at the same moment, the second waits here until it can see the first.
    insert into talkme.duplicate_lock as t (account, id_campanha, taken_by)
    values (new.account, new.id_campanha, pg_current_xact_id())
    on conflict on constraint duplicate_lock_pkey do update set taken_by = excluded.taken_by
    where t.taken_by <> excluded.taken_by;
    earlier := talkme.find_duplicate(new, campaign.duplicate_window);
    if earlier.id is not null and campaign.on_duplicate = 'refuse' then
      refused := true;
    elsif earlier.id is not null then
      new.retry_at := talkme.held_until();
      new.error_code := 'held_duplicate';
      new.error := format(
        'It is held because row %s has the same recipient and variables. talkme.resume(''campaign:%s'') lets it go, talkme.cancel drops it.',
        earlier.id, campaign.id_campanha
      );
    end if;
  end if;

  if refused then
    for problem in select * from talkme.guard_problems(new, tg_op = 'INSERT') loop
      perform talkme.refuse_problem(problem, new, tg_op);
    end loop;
  end if;
  return new;
end
$$;

comment on function talkme.guard_outbox() is 'Refuses or holds a row that the rules of its campaign do not allow';

revoke execute on function talkme.guard_outbox() from public;

create or replace trigger guard_outbox
  before insert or update of account, id_campanha, numero_dest, email_dest, info_contato, batch_id
  on talkme.outbox
  for each row when (new.blanked_at is null) execute function talkme.guard_outbox();


-- ---- insert/hold-burst.sql d923e2166be2 ----

-- A batch that was declared with expected_rows is no accident up to so many rows; a statement that brings it more than that is one.
create or replace function talkme.hold_burst() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  burst   record;
  counted text;
  total   bigint;
begin
  -- The next statement numbers its rows from here on: see say_which.
  counted := set_config('talkme.statement', current_setting('talkme.row', true), true);
  if not exists (select from talkme.campaign where burst_limit is not null) then
    return null;
  end if;
  for burst in
    select i.account, i.id_campanha, i.batch_id, b.expected_rows, array_agg(i.id) as ids
    from inserted as i
    join talkme.campaign as c on c.account = i.account and c.id_campanha = i.id_campanha
    left join talkme.batch as b on b.id = i.batch_id
    group by i.account, i.id_campanha, c.burst_limit, i.batch_id, b.expected_rows
    having count(*) > c.burst_limit
  loop
    if burst.expected_rows is not null then
      -- Counts no further than it has to.
      select count(*) into total
      from (select from talkme.outbox as o where o.batch_id = burst.batch_id limit burst.expected_rows + 1) as known;
      continue when total <= burst.expected_rows;
    end if;
    update talkme.outbox as o
    set retry_at = talkme.held_until(), error_code = 'held_burst', error = case
      when burst.expected_rows is null then format(
        'It is held because it came with %s others to the campaign in one insert. talkme.resume(''%s'') lets them go, talkme.cancel drops it.',
        cardinality(burst.ids) - 1, coalesce('batch:' || o.batch_id, 'campaign:' || o.id_campanha)
      )
      else format(
        'It is held because its insert brought batch %s more than the %s rows that it was declared with. talkme.resume(''batch:%1$s'') lets them go, talkme.cancel drops it.',
        o.batch_id, burst.expected_rows
      )
    end
    where o.id = any (burst.ids);
  end loop;
  return null;
end
$$;

comment on function talkme.hold_burst() is
  'Holds the rows of an insert that brings a campaign more than its burst_limit, unless their batch was declared with so many';

revoke execute on function talkme.hold_burst() from public;

create or replace trigger hold_burst
  after insert on talkme.outbox
  referencing new table as inserted
  for each statement execute function talkme.hold_burst();


-- ---- policy/area-of.sql 3361419dcfa2 ----

create or replace function talkme.area_of(recipient text) returns talkme.area
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select a.prefix, a.state, a.time_zone
  from talkme.area as a
  where recipient ~ '^55[0-9]{10,11}$'
    and a.prefix = any (array(select substr(recipient, 3, length) from generate_series(2, 6) as length))
  order by length(a.prefix) desc
  limit 1;
end;

comment on function talkme.area_of(text) is 'Where a Brazilian recipient is; null for others, and for a DDD that does not exist';

revoke execute on function talkme.area_of(text) from public;
grant execute on function talkme.area_of(text) to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- policy/next-opening.sql 9866435416fd ----

create or replace function talkme.next_opening(open_minutes int4multirange, time_zone text, state text, at timestamptz)
returns timestamptz
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  today   constant date := (at at time zone time_zone)::date;
  minute  constant integer := extract(hour from at at time zone time_zone) * 60 + extract(minute from at at time zone time_zone);
  local_day date;
  monday  integer;
  opening integer;
begin
  -- A year, for a window that holidays close one week after another.
  for i in 0..366 loop
    local_day := today + i;
    monday := (extract(isodow from local_day) - 1) * 1440;
    opening := lower(open_minutes * int4multirange(int4range(monday + case when i = 0 then minute else 0 end, monday + 1440)));
    continue when opening is null;
    continue when exists (select from talkme.holiday as h where h.day = local_day and h.state in ('*', next_opening.state));
    if i = 0 and opening - monday = minute then
      return at;
    end if;
    return (local_day + make_interval(mins => opening - monday)) at time zone time_zone;
  end loop;
  return at + interval '1 year';
end
$$;

comment on function talkme.next_opening(int4multirange, text, text, timestamptz) is
  'When a sending window is next open in a time zone and state, from a given time on; that time itself if it is open';

revoke execute on function talkme.next_opening(int4multirange, text, text, timestamp with time zone) from public;
grant execute on function talkme.next_opening(int4multirange, text, text, timestamp with time zone) to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- policy/opens-at.sql 47642653a595 ----

create or replace function talkme.opens_at(open_minutes int4multirange, recipient text, at timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select talkme.next_opening(open_minutes, coalesce(a.time_zone, 'America/Sao_Paulo'), a.state, at)
  from (select 1) as one
  left join talkme.area_of(recipient) as a on true;
end;

comment on function talkme.opens_at(int4multirange, text, timestamptz) is
  'When a recipient may next be written to, by their own clock; by that of São Paulo if nobody knows where they are';

revoke execute on function talkme.opens_at(int4multirange, text, timestamp with time zone) from public;
grant execute on function talkme.opens_at(int4multirange, text, timestamp with time zone) to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- policy/first-opening.sql b4b5b0ce2e97 ----

create or replace function talkme.first_opening(open_minutes int4multirange, at timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select min(talkme.next_opening(open_minutes, zone.time_zone, null, at))
  from (select distinct a.time_zone from talkme.area as a) as zone;
end;

comment on function talkme.first_opening(int4multirange, timestamptz) is
  'When anybody in the country may next be written to; the given time if somebody may be already';

revoke execute on function talkme.first_opening(int4multirange, timestamp with time zone) from public;
grant execute on function talkme.first_opening(int4multirange, timestamp with time zone) to talkme_daemon;


-- ---- policy/last-opening.sql 0a343f87e975 ----

create or replace function talkme.last_opening(open_minutes int4multirange, at timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select max(talkme.next_opening(open_minutes, place.time_zone, place.state, at))
  from (select distinct a.time_zone, a.state from talkme.area as a) as place;
end;

comment on function talkme.last_opening(int4multirange, timestamptz) is
  'The time by which everybody in the country could have been written to; the given time if everybody may be already';

revoke execute on function talkme.last_opening(int4multirange, timestamp with time zone) from public;
grant execute on function talkme.last_opening(int4multirange, timestamp with time zone) to talkme_daemon;


-- ---- hold/parse-scope.sql a648f61a7b93 ----

create or replace function talkme.parse_scope(scope text) returns text[]
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  parts constant text[] := talkme.scope_parts(scope);
begin
  if parts is null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('scope.valid', jsonb_build_object('scope', scope)),
      hint = talkme.say('scope.valid.hint');
  end if;
  return parts;
end
$$;

comment on function talkme.parse_scope(text) is 'As talkme.scope_parts, but raises a readable error for what is not a scope';

revoke execute on function talkme.parse_scope(text) from public;


-- ---- hold/is-paused.sql 3fa87caf0e26 ----

create or replace function talkme.is_paused(account text, id_campanha bigint, id_wpp bigint) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select from talkme.paused as p
    where p.scope = any (talkme.scopes_of(account, id_campanha::text, id_wpp::text))
  ) or exists (
    select from talkme.campaign as c
    where c.account = is_paused.account and c.id_campanha = is_paused.id_campanha and not c.active
  );
end;

comment on function talkme.is_paused(text, bigint, bigint) is 'Whether the rows of an account, campaign and channel are paused';

revoke execute on function talkme.is_paused(text, bigint, bigint) from public;
grant execute on function talkme.is_paused(text, bigint, bigint) to talkme_operator, talkme_viewer;


-- ---- hold/lanes-of.sql ab30652cfeac ----

create or replace function talkme.lanes_of(scope text) returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  parts constant text[] := talkme.parse_scope(scope);
begin
  if parts[1] = 'batch' then
    return (
      select array_agg(distinct o.lane) from talkme.outbox as o where o.batch_id = parts[2]::bigint and o.status = 'pending'
    );
  end if;
  return talkme.waiting_lanes(
    case parts[1] when 'account' then parts[2] end,
    case parts[1] when 'campaign' then parts[2]::bigint end,
    case parts[1] when 'channel' then parts[2]::bigint end
  );
end
$$;

comment on function talkme.lanes_of(text) is 'The lanes of a scope that have waiting rows; null if there are none';

revoke execute on function talkme.lanes_of(text) from public;


-- ---- hold/hold-batch.sql c87db0a77092 ----

-- Puts off what waits at this moment, so that a claim never has to walk over a paused batch: what it misses (rows that are locked, on
-- the wire, inserted later) the claim or the insert puts off. In slices, from the end of the queue: rows at the front of a lane that
-- are locked for seconds would slow each claim.
create or replace function talkme.hold_batch(batch_id bigint) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  slice   constant integer := 5000;
  waiting bigint[];
  held    bigint := 0;
  done    bigint;
begin
  waiting := array(
    select o.id from talkme.outbox as o
    where o.batch_id = hold_batch.batch_id and o.status = 'pending' and o.due_at < talkme.held_until()
    order by o.due_at desc, o.id desc
  );
  for i in 1..cardinality(waiting) by slice loop
    update talkme.outbox as o
    set retry_at = talkme.held_until(), error_code = 'batch_paused', error = talkme.batch_paused_error()
    where o.id = any (array(
      select r.id from talkme.outbox as r
      where r.id = any (waiting[i:i + slice - 1]) and r.status = 'pending'
      for update skip locked
    ));
    get diagnostics done = row_count;
    held := held + done;
  end loop;
  return held;
end
$$;

comment on function talkme.hold_batch(bigint) is 'Puts off the waiting rows of a batch until talkme.resume; returns how many';

revoke execute on function talkme.hold_batch(bigint) from public;


-- ---- hold/refuse-scope.sql c8e273b5d298 ----

create or replace function talkme.refuse_scope(parts text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if parts[1] = 'batch' then
    if not talkme.may_use_batch(parts[2]::bigint) then
      raise exception using
        errcode = 'invalid_parameter_value',
        message = talkme.say('scope.batch', jsonb_build_object('id', parts[2])),
        hint = talkme.say('scope.batch.hint');
    end if;
  elsif talkme.caller_is('{talkme_producer,talkme_marketing}') and not talkme.caller_is('{talkme_operator}')
    and not (parts[1] = 'campaign' and talkme.may_use_campaign(parts[2]::bigint)) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = talkme.say('scope.producer'),
      hint = talkme.say('scope.producer.hint');
  end if;
end
$$;

comment on function talkme.refuse_scope(text[]) is 'Refuses a batch that does not exist, and what the caller may not pause or resume';

revoke execute on function talkme.refuse_scope(text[]) from public;


-- ---- hold/refuse-resume.sql 0eeeaf9e68e8 ----

create or replace function talkme.refuse_resume(scope text, parts text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  stopped_by name;
begin
  if parts[1] <> 'campaign' or talkme.caller_is('{talkme_operator}') or not talkme.caller_is('{talkme_marketing}') then
    return;
  end if;
  select p.paused_by into stopped_by from talkme.paused as p where p.scope = refuse_resume.scope;
  if not coalesce(talkme.caller_is_creator(stopped_by), false) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = case
        when stopped_by is null then talkme.say('resume_own.none', jsonb_build_object('scope', scope))
        else talkme.say('resume_own.other', jsonb_build_object('scope', scope, 'who', stopped_by))
      end,
      hint = talkme.say('resume_own.hint');
  end if;
end
$$;

comment on function talkme.refuse_resume(text, text[]) is
  'Refuses a member of talkme_marketing what somebody else has stopped: held rows, open circuits, and pauses by others';

revoke execute on function talkme.refuse_resume(text, text[]) from public;


-- ---- hold/pause.sql 1a795ddc40d5 ----

create or replace function talkme.pause(scope text, reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  parts constant text[] := talkme.parse_scope(scope);
  held  bigint := 0;
begin
  perform talkme.refuse_scope(parts);
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('pause.reason'),
      hint = talkme.say('pause.reason.hint');
  end if;
  insert into talkme.paused (scope, reason) values (scope, reason)
  on conflict on constraint paused_pkey do update set reason = excluded.reason;
  if parts[1] = 'batch' then
    held := talkme.hold_batch(parts[2]::bigint);
  end if;
  perform talkme.record_audit('pause', jsonb_build_object('scope', scope), held, reason);
  return talkme.say('pause.done', jsonb_build_object('scope', scope))
    || case when talkme.lanes_of(scope) is null then ' ' || talkme.say('pause.idle') else '' end;
end
$$;

comment on function talkme.pause(text, text) is
  'Stops all, account:NAME, campaign:ID, channel:ID or batch:ID: from the commit on, none of its rows is claimed until talkme.resume';

revoke execute on function talkme.pause(text, text) from public;
grant execute on function talkme.pause(text, text) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- recipient/parse-recipient.sql 8f102e01b66f ----

create or replace function talkme.parse_recipient(numero text) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  key constant text collate "C" := case when numero collate "C" ~ '@' then talkme.address_key(numero) else talkme.number_key(numero) end;
begin
  -- What nothing can be sent to is a slip of the pen: it would not match the person who was meant.
  if key is null or key ~ '^[?]' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('recipient.unreadable'),
      hint = talkme.say('recipient.unreadable.hint');
  end if;
  return key;
end
$$;

comment on function talkme.parse_recipient(text) is
  'The recipient that a telephone number or an e-mail address stands for, as in talkme.outbox.recipient; refuses anything else';

revoke execute on function talkme.parse_recipient(text) from public;


-- ---- policy/check-suppression.sql 2229c5e67db2 ----

-- For those who write the table by hand, load a list into it or replicate one: it fires always, and where it is off, the table
-- takes nothing but keys. What is a key already stays: bare digits that begin with
-- another country's code are not read as a Brazilian number.
create or replace function talkme.check_suppression() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.recipient ~ '^[?]' or new.recipient is distinct from talkme.number_key('+' || new.recipient) then
    new.recipient := talkme.parse_recipient(new.recipient);
  end if;
  return new;
end
$$;

comment on function talkme.check_suppression() is
  'Puts a suppressed recipient into the form that rows are compared by, or refuses it';

revoke execute on function talkme.check_suppression() from public;

create or replace trigger check_suppression before insert or update of recipient on talkme.suppression
for each row execute function talkme.check_suppression();

alter table talkme.suppression enable always trigger check_suppression;


-- ---- policy/suppressed-error.sql 4ce9149f9b62 ----

create or replace function talkme.suppressed_error() returns text
language sql immutable parallel safe
return 'The recipient is suppressed (talkme.suppression) and gets nothing.';

comment on function talkme.suppressed_error() is 'The error of a row that was cancelled because its recipient is suppressed';

revoke execute on function talkme.suppressed_error() from public;


-- ---- policy/suppress.sql 62215ab04377 ----

create or replace function talkme.suppress(numero text, reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  whom      constant text := talkme.parse_recipient(numero);
  cancelled bigint;
  on_wire   bigint;
  locked    bigint;
begin
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('suppress.reason'),
      hint = talkme.say('suppress.reason.hint');
  end if;
  insert into talkme.suppression (recipient, reason) values (whom, reason)
  on conflict on constraint suppression_pkey do update set reason = excluded.reason;

  -- Rows inserted from now on, or locked at this moment, are cancelled when they are about to be claimed. So are all where a
  -- customer's trigger refuses it: that must not undo the suppression.
  begin
    update talkme.outbox as o
    set status = 'cancelled', finished_at = now(), error_code = 'suppressed', error = talkme.suppressed_error()
    where o.status = 'pending' and o.id = any (array(
      select r.id from talkme.outbox as r
      where r.status = 'pending' and (r.recipient = whom or r.email_dest is not null and talkme.address_key(r.email_dest) = whom)
      for update skip locked
    ));
    get diagnostics cancelled = row_count;
  exception when others then
    cancelled := 0;
  end;
  select count(*) filter (where o.status = 'sending'), count(*) filter (where o.status = 'pending') into on_wire, locked
  from talkme.outbox as o
  where o.status in ('sending', 'pending') and (o.recipient = whom or o.email_dest is not null and talkme.address_key(o.email_dest) = whom);

  perform talkme.record_audit('suppress', '{}', cancelled, reason);
  -- Somebody has locked them. A claim that began before this asked for suppression then.
  return talkme.say('suppress.done', jsonb_build_object(
    'cancelled', cancelled, 'on_wire', nullif(on_wire, 0), 'locked', nullif(locked, 0)
  ));
end
$$;

comment on function talkme.suppress(text, text) is
  'Stops everything to a telephone number or e-mail address, in whichever spelling: cancels waiting rows, and later ones when their turn comes';

revoke execute on function talkme.suppress(text, text) from public;
grant execute on function talkme.suppress(text, text) to talkme_operator;


-- ---- policy/unsuppress.sql 976f7202cfe6 ----

create or replace function talkme.unsuppress(numero text, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  found_rows bigint;
begin
  delete from talkme.suppression as s where s.recipient = talkme.parse_recipient(numero);
  get diagnostics found_rows = row_count;
  perform talkme.record_audit('unsuppress', '{}', found_rows, reason);
  return talkme.say(case when found_rows = 0 then 'unsuppress.none' else 'unsuppress.done' end);
end
$$;

comment on function talkme.unsuppress(text, text) is 'Takes back talkme.suppress for rows that are inserted from now on';

revoke execute on function talkme.unsuppress(text, text) from public;
grant execute on function talkme.unsuppress(text, text) to talkme_operator;


-- ---- tables/audit-row.sql 34175f58c530 ----

-- One entry of talkme.audit may be about a million rows, and people ask what was done with one of them.
create table talkme.audit_row (
  outbox_id     bigint      not null,
  audit_id      bigint      not null,

  constraint audit_row_pkey primary key (outbox_id, audit_id)
);

comment on table talkme.audit_row is 'Which rows the entries of talkme.audit are about that act on rows; talkme.history shows them';
comment on column talkme.audit_row.outbox_id is 'The row of talkme.outbox, which may have been deleted';
comment on column talkme.audit_row.audit_id is 'The entry of talkme.audit';

grant select on talkme.audit_row to talkme_operator, talkme_viewer;


-- ---- people/record-action.sql 659876576ac9 ----

create or replace function talkme.record_action(action text, about jsonb, ids bigint[], reason text) returns void
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  with entry as (
    insert into talkme.audit (action, about, rows, reason) values (action, about, cardinality(ids), talkme.hide_numbers(reason)) returning id
  )
  insert into talkme.audit_row (outbox_id, audit_id) select unnest(ids), entry.id from entry;
end;

comment on function talkme.record_action(text, jsonb, bigint[], text) is
  'Writes an entry of talkme.audit in the name of the caller, and the rows that it is about';

revoke execute on function talkme.record_action(text, jsonb, bigint[], text) from public;


-- ---- insert/turn-problems.sql 358297874ffc ----

-- What an insert takes and the row's turn refuses. Their codes are those that the row would get.
create or replace function talkme.turn_problems(o talkme.outbox) returns setof talkme.problem
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  number  constant text := case
    when o.numero_dest is null then null
    when talkme.is_plain_number(o.numero_dest) then '55' || o.numero_dest
    else talkme.number_key(o.numero_dest)
  end;
  address constant text := case when o.email_dest is not null then talkme.address_key(o.email_dest) end;
begin
  if o.expires_at <= now() and o.expires_at > o.send_at then
    return next talkme.problem_of('expired', 'expires_at');
  end if;

  if number !~ '^(55|[?])' then
    if talkme.number_key(number) !~ '^[?]' then
      return next talkme.problem_of('ambiguous_phone', 'numero_dest');
    end if;
  end if;

  -- The list of those who want no messages is not for producers: this would let them try all numbers without a trace. Such a row of
  -- theirs is cancelled at its turn.
  if exists (select from talkme.suppression as s where s.recipient in (number, address)) then
    if talkme.caller_is('{talkme_viewer,talkme_operator,talkme_daemon}') then
      return next talkme.problem_of('suppressed', case when address is null then 'numero_dest' else 'email_dest' end);
    end if;
  end if;

  if exists (
    select from talkme.lane as l
    where l.lane = o.account || '/' || coalesce(o.id_campanha::text, '-') || '/' || coalesce(o.id_wpp::text, '-')
      and l.not_founds > 0 and l.quiet_until > now()
  ) then
    return next talkme.problem_of('not_found', case when o.id_campanha is null then 'id_wpp' else 'id_campanha' end);
  end if;
end
$$;

comment on function talkme.turn_problems(talkme.outbox) is
  'Why a message that can be inserted would not be sent at its turn, as far as the database knows';

revoke execute on function talkme.turn_problems(talkme.outbox) from public;


-- ---- insert/problems.sql f38d87b6f1c0 ----

-- Everything for which a message would be refused, for lists that are checked before they are inserted. Tells the rules through the
-- functions that the insert's triggers use, and inserts nothing. With its owner's rights: a producer reads no settings.
create or replace function talkme.problems(
  numero_dest      text        default null,
  id_campanha      bigint      default null,
  info_contato     jsonb       default null,
  id_wpp           bigint      default null,
  email_dest       text        default null,
  txtmsg           text        default null,
  assunto          text        default null,
  account          text        default null,
  priority         integer     default null,
  send_at          timestamptz default null,
  expires_at       timestamptz default null,
  dedupe_key       text        default null,
  max_attempts     integer     default null,
  on_unknown       text        default null,
  metadata         jsonb       default null,
  on_duplicate_key text        default 'refuse',
  batch_id         bigint      default null
) returns table (code text, field text, message text)
language plpgsql stable
security definer
rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  o        talkme.outbox;
  broken   text[];
  campaign talkme.campaign;
begin
  o.account := coalesce(problems.account, 'default');
  o.id_campanha := problems.id_campanha;
  o.id_wpp := problems.id_wpp;
  o.numero_dest := problems.numero_dest;
  o.email_dest := problems.email_dest;
  o.txtmsg := problems.txtmsg;
  o.assunto := problems.assunto;
  o.info_contato := problems.info_contato;
  o.send_at := coalesce(problems.send_at, now());
  o.expires_at := problems.expires_at;
  o.dedupe_key := problems.dedupe_key;
  -- What does not fit into the column is as wrong as its limit.
  o.max_attempts := case when problems.max_attempts is not null then greatest(least(problems.max_attempts, 32767), -32768) end;
  o.on_unknown := problems.on_unknown;
  o.batch_id := problems.batch_id;

  broken := talkme.broken_rules(o);
  if broken <> '{}' then
    return query
    select p.code, p.field, p.complaint || '. ' || p.remedy
    from unnest(broken) as rule cross join lateral talkme.describe_problem(rule, o) as p;
  end if;
  if problems.priority is not null or problems.on_duplicate_key is distinct from 'refuse' then
    return query
    select p.code, p.field, p.complaint || '. ' || p.remedy
    from talkme.enqueue_problems(problems.priority, problems.on_duplicate_key) as p;
  end if;
  if not talkme.is_plain_info_contato(o.info_contato) then
    o.info_contato := talkme.plain_info_contato(o.info_contato);
    return query
    select p.code, p.field, p.complaint || '. ' || p.remedy from talkme.info_contato_problems(o.info_contato) as p;
  end if;
  -- Nearly all messages are fine: these questions are cheaper than the functions that know all answers, and sufficient.
  select * into campaign from talkme.campaign as c where c.account = o.account and c.id_campanha = o.id_campanha;
  if o.batch_id is not null or campaign.id_campanha is not null and (
    not campaign.active or campaign.duplicate_window is not null
    or campaign.required_variables <> '{}' and talkme.missing_variables(campaign, o.info_contato) is not null
  ) then
    return query select p.code, p.field, p.complaint || '. ' || p.remedy from talkme.guard_problems(o, true) as p;
  end if;
  if o.dedupe_key is not null and problems.on_duplicate_key = 'refuse' then
    return query
    select p.code, p.field, p.complaint || '. ' || p.remedy
    from talkme.outbox as r cross join talkme.problem_of('outbox_dedupe_key', 'dedupe_key') as p
    where r.account = o.account and r.dedupe_key = o.dedupe_key;
  end if;
  if o.email_dest is not null or o.expires_at is not null or not talkme.is_plain_number(o.numero_dest)
    or exists (select from talkme.suppression as s where s.recipient = '55' || o.numero_dest)
    or exists (select from talkme.lane as l where l.account = o.account and l.quiet_until > now())
  then
    return query select p.code, p.field, p.complaint || '. ' || p.remedy from talkme.turn_problems(o) as p;
  end if;
end
$$;

comment on function talkme.problems(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamptz, timestamptz, text, integer, text, jsonb, text, bigint
) is
  'Everything for which a message would be refused, at the insert or at its turn; no row where it is fine. Arguments as of talkme.enqueue. Inserts nothing: made to be run over a staging table';

revoke execute on function talkme.problems(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text, bigint
) from public;
grant execute on function talkme.problems(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text, bigint
) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- insert/enqueue-problems.sql 009fd6f61bd2 ----

create or replace function talkme.enqueue_problems(priority integer, on_duplicate_key text) returns setof talkme.problem
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if priority not between -32768 and 32767 then
    return next talkme.problem_of('outbox_priority_range', 'priority', jsonb_build_object('priority', priority));
  end if;
  if on_duplicate_key is distinct from 'refuse' and on_duplicate_key is distinct from 'skip' then
    return next talkme.problem_of(
      'outbox_on_duplicate_key_known', 'on_duplicate_key',
      jsonb_build_object('on_duplicate_key', coalesce(quote_literal(on_duplicate_key), 'null'))
    );
  end if;
end
$$;

comment on function talkme.enqueue_problems(integer, text) is
  'What is wrong with the arguments of talkme.enqueue, beyond the message';

revoke execute on function talkme.enqueue_problems(integer, text) from public;
grant execute on function talkme.enqueue_problems(integer, text) to talkme_producer;


-- ---- insert/enqueue.sql a7d16e5b7808 ----

create or replace function talkme.enqueue(
  numero_dest      text        default null,
  id_campanha      bigint      default null,
  info_contato     jsonb       default null,
  id_wpp           bigint      default null,
  email_dest       text        default null,
  txtmsg           text        default null,
  assunto          text        default null,
  account          text        default null,
  priority         integer     default null,
  send_at          timestamptz default null,
  expires_at       timestamptz default null,
  dedupe_key       text        default null,
  max_attempts     integer     default null,
  on_unknown       text        default null,
  metadata         jsonb       default null,
  on_duplicate_key text        default 'refuse',
  batch_id         bigint      default null
) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  id            bigint;
  problem       talkme.problem;
  -- What does not fit into the column is as wrong as its limit.
  most_attempts constant smallint :=
    case when enqueue.max_attempts is not null then greatest(least(enqueue.max_attempts, 32767), -32768) end;
begin
  for problem in select * from talkme.enqueue_problems(priority, on_duplicate_key) loop
    raise exception using
      errcode = 'invalid_parameter_value', schema = 'talkme', table = 'outbox',
      constraint = problem.code, message = problem.complaint, hint = problem.remedy;
  end loop;
  -- ON CONFLICT names no constraint: that would need the privilege to read its columns.
  if on_duplicate_key = 'skip' then
    insert into talkme.outbox as o (
      account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato,
      priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata, batch_id
    ) values (
      coalesce(enqueue.account, 'default'), enqueue.id_campanha, enqueue.id_wpp, enqueue.numero_dest, enqueue.email_dest,
      enqueue.txtmsg, enqueue.assunto, enqueue.info_contato, coalesce(enqueue.priority, 0), coalesce(enqueue.send_at, now()),
      enqueue.expires_at, enqueue.dedupe_key, most_attempts, enqueue.on_unknown, enqueue.metadata, enqueue.batch_id
    )
    on conflict do nothing
    returning o.id into id;
  else
    insert into talkme.outbox as o (
      account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato,
      priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata, batch_id
    ) values (
      coalesce(enqueue.account, 'default'), enqueue.id_campanha, enqueue.id_wpp, enqueue.numero_dest, enqueue.email_dest,
      enqueue.txtmsg, enqueue.assunto, enqueue.info_contato, coalesce(enqueue.priority, 0), coalesce(enqueue.send_at, now()),
      enqueue.expires_at, enqueue.dedupe_key, most_attempts, enqueue.on_unknown, enqueue.metadata, enqueue.batch_id
    )
    returning o.id into id;
  end if;
  return id;
end
$$;

comment on function talkme.enqueue(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamptz, timestamptz, text, integer, text, jsonb, text, bigint
) is
  'Inserts a message and returns its id; arguments as the columns of talkme.outbox, null for a column''s default. on_duplicate_key => ''skip'' returns null if the dedupe_key exists';

revoke execute on function talkme.enqueue(text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text, bigint) from public;
grant execute on function talkme.enqueue(text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text, bigint) to talkme_producer;


-- ---- people/find-row.sql 5b737719acc2 ----

create or replace function talkme.find_row(id bigint, readers name[]) returns talkme.outbox
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  o talkme.outbox;
begin
  select * into o from talkme.outbox as r where r.id = find_row.id;
  if o.id is null or not (
    talkme.caller_is(array_remove(readers, 'talkme_marketing')) or coalesce(talkme.caller_is_creator(o.created_by), false)
    or 'talkme_marketing' = any (readers) and talkme.may_use_campaign(o.id_campanha)
  ) then
    return null;
  end if;
  return o;
end
$$;

comment on function talkme.find_row(bigint, name[]) is
  'A row, if it exists and the caller inserted it or is a member of one of the roles; talkme_marketing sees the campaigns that it was granted';

revoke execute on function talkme.find_row(bigint, name[]) from public;


-- ---- people/refuse-action.sql dfb353cbdbd7 ----

create or replace function talkme.refuse_action(rule text, complaint text, remedy text, state text default '55000') returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = state, schema = 'talkme', table = 'outbox', constraint = rule, message = complaint, hint = remedy;
end
$$;

comment on function talkme.refuse_action(text, text, text, text) is
  'Refuses an action on rows under the name of a rule; 55000 says that a row is not in the state for it';

revoke execute on function talkme.refuse_action(text, text, text, text) from public;


-- ---- people/refuse-as.sql 4f69e6bfc839 ----

create or replace function talkme.refuse_as(
  rule text, parameters jsonb, state text default '55000', complaint text default null, remedy text default null
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.refuse_action(
    rule, talkme.say(coalesce(complaint, rule), parameters), talkme.say(coalesce(remedy, complaint || '.hint', rule || '.hint'), parameters), state
  );
end
$$;

comment on function talkme.refuse_as(text, jsonb, text, text, text) is
  'Refuses an action under the name of a rule, in the words of its phrase and hint, or of others';

revoke execute on function talkme.refuse_as(text, jsonb, text, text, text) from public;


-- ---- people/refuse-no-row.sql af27b957c15c ----

create or replace function talkme.refuse_no_row(id bigint) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.refuse_as(
    'outbox_row_exists', jsonb_build_object('id', id), 'P0002',
    case when id is null then 'outbox_row_exists.null' end, 'outbox_row_exists.hint'
  );
end
$$;

comment on function talkme.refuse_no_row(bigint) is 'Refuses the id of a row that does not exist or that the caller may not see';

revoke execute on function talkme.refuse_no_row(bigint) from public;


-- ---- people/refuse-state.sql 84a4bd6d979a ----

create or replace function talkme.refuse_state(rule text, doing text, o talkme.outbox) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.refuse_as(
    rule,
    jsonb_build_object(
      'id', o.id, 'doing', doing, 'status', o.status, 'instance', o.claimed_by, 'since', coalesce(o.finished_at, o.claimed_at)
    ),
    complaint => case o.status
      when 'pending' then 'refused.pending' when 'sending' then 'refused.sending' when 'unknown' then 'refused.unknown'
      else 'refused.ended'
    end,
    remedy => case
      when o.blanked_at is not null and o.status in ('failed', 'expired', 'cancelled') then 'refused.blanked.hint'
      when o.status in ('pending', 'sending', 'sent', 'unknown', 'expired') then 'refused.' || o.status || '.hint'
      else 'refused.ended.hint'
    end
  );
end
$$;

comment on function talkme.refuse_state(text, text, talkme.outbox) is
  'Refuses what the state of a row does not allow; says which state that is and what to do instead. doing is a word of talkme.say';

revoke execute on function talkme.refuse_state(text, text, talkme.outbox) from public;


-- ---- people/cancel.sql 800eeaea9f93 ----

create or replace function talkme.cancel(id bigint, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  is_operator constant boolean := talkme.caller_is('{talkme_operator}');
  o talkme.outbox;
begin
  update talkme.outbox as r
  set status = 'cancelled', finished_at = now()
  where r.id = cancel.id and r.status = 'pending' and (is_operator or talkme.caller_is_creator(r.created_by))
  returning r.* into o;
  -- A trigger may have kept it as it was.
  if not found or o.status <> 'cancelled' then
    o := talkme.find_row(id, '{talkme_operator}');
    if o.id is null then
      perform talkme.refuse_no_row(id);
    end if;
    perform talkme.refuse_state('outbox_cancel_pending', 'cancelled', o);
  end if;
  perform talkme.record_action('cancel', jsonb_build_object('id', o.id), array[o.id], reason);
  return talkme.say('said.cancelled', jsonb_build_object('id', o.id));
end
$$;

comment on function talkme.cancel(bigint, text) is
  'Cancels a row that waits, also a held one; refuses a row in any other state, and names the state';

revoke execute on function talkme.cancel(bigint, text) from public;
grant execute on function talkme.cancel(bigint, text) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- people/obstacle-to-resend.sql 228454240c36 ----

create or replace function talkme.obstacle_to_resend(o talkme.outbox, expires_at timestamptz) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return case
    when o.blanked_at is not null or o.error_code = 'forgotten' then 'blanked'
    when coalesce(expires_at, o.expires_at) <= now() then 'expired'
    when exists (select from talkme.suppression as s where s.recipient in (o.recipient, talkme.address_key(o.email_dest))) then 'suppressed'
  end;
end
$$;

comment on function talkme.obstacle_to_resend(talkme.outbox, timestamptz) is
  'Why a row would not be sent if it became pending, with another expires_at if one is given; null if it would be. A word of talkme.say: obstacle';

revoke execute on function talkme.obstacle_to_resend(talkme.outbox, timestamp with time zone) from public;


-- ---- people/refuse-obstacle.sql dde349be089a ----

create or replace function talkme.refuse_obstacle(doing text, o talkme.outbox, obstacle text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.refuse_as(
    case obstacle
      when 'blanked' then 'outbox_resend_has_data'
      when 'expired' then 'outbox_resend_expires_later'
      else 'outbox_resend_not_suppressed'
    end,
    jsonb_build_object('id', o.id, 'doing', doing),
    remedy => case when obstacle = 'expired' and o.status = 'unknown' then 'outbox_resend_expires_later.unknown.hint' end
  );
end
$$;

comment on function talkme.refuse_obstacle(text, talkme.outbox, text) is
  'Refuses to send a row again, under a rule for each obstacle; doing is a word of talkme.say';

revoke execute on function talkme.refuse_obstacle(text, talkme.outbox, text) from public;


-- ---- people/bring-back.sql c188a64680ad ----

-- What talkme.retry and talkme.retry_where set. A cancelled row gets back what it waited for: the time of its next
-- try, its attempts, or its hold.
create or replace function talkme.bring_back(ids bigint[], expires_at timestamptz) returns setof talkme.outbox
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  update talkme.outbox as o
  set status = 'pending',
    finished_at = null,
    claim       = null,
    attempts    = case when o.status = 'cancelled' then o.attempts else 0 end,
    -- A batch that is still paused is found at the claim.
    retry_at    = case when o.status = 'cancelled' and o.error_code is distinct from 'batch_paused' then o.retry_at end,
    claimed_by  = case when o.status = 'cancelled' then o.claimed_by end,
    claimed_at  = case when o.status = 'cancelled' then o.claimed_at end,
    error_code  = case when o.error_code is null or o.error_code not in ('suppressed', 'batch_paused') then o.error_code end,
    error       = case when o.error_code is null or o.error_code not in ('suppressed', 'batch_paused') then o.error end
  where o.id = any (ids) and o.status in ('failed', 'expired', 'cancelled')
  returning o.*;

  -- A statement of its own, so that the row is checked as at the insert.
  if expires_at is not null then
    update talkme.outbox as o set expires_at = bring_back.expires_at where o.id = any (ids) and o.status = 'pending';
  end if;
end
$$;

comment on function talkme.bring_back(bigint[], timestamptz) is
  'Makes failed, expired and cancelled rows pending, with another expires_at if one is given; returns them';

revoke execute on function talkme.bring_back(bigint[], timestamp with time zone) from public;


-- ---- people/may-have-been-sent.sql ec82ce2ad63f ----

create or replace function talkme.may_have_been_sent(id bigint) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (select from talkme.attempt as t where t.outbox_id = id and t.outcome = 'unknown');
end;

comment on function talkme.may_have_been_sent(bigint) is 'Whether a row has an attempt that may have been sent';

revoke execute on function talkme.may_have_been_sent(bigint) from public;


-- ---- people/retry.sql badb6b2a93e9 ----

create or replace function talkme.retry(id bigint, expires_at timestamptz default null, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o        talkme.outbox := talkme.find_row(id, '{talkme_operator}');
  obstacle text := talkme.obstacle_to_resend(o, expires_at);
begin
  if o.id is null then
    perform talkme.refuse_no_row(id);
  elsif o.status not in ('failed', 'expired', 'cancelled') then
    perform talkme.refuse_state('outbox_retry_ended', 'retried', o);
  elsif obstacle is not null then
    perform talkme.refuse_obstacle('retried', o, obstacle);
  end if;

  select r.* into o from talkme.bring_back(array[retry.id], retry.expires_at) as r;
  if not found or o.status <> 'pending' then
    -- Somebody else was faster, or a trigger kept it.
    perform talkme.refuse_state('outbox_retry_ended', 'retried', talkme.find_row(id, '{talkme_operator}'));
  end if;
  perform talkme.notify_daemon();
  perform talkme.record_action('retry', jsonb_build_object('id', o.id), array[o.id], reason);
  return talkme.say(case
    when o.retry_at = talkme.held_until() and o.error_code = 'held' then 'said.held_by_person'
    when o.retry_at = talkme.held_until() then 'said.held'
    when talkme.may_have_been_sent(o.id) then 'said.perhaps_twice'
    else 'said.pending'
  end, jsonb_build_object('id', o.id, 'id_campanha', o.id_campanha));
end
$$;

comment on function talkme.retry(bigint, timestamptz, text) is
  'Makes a failed, expired or cancelled row pending again, with new attempts; expires_at => sets a later end, which an expired row needs';

revoke execute on function talkme.retry(bigint, timestamp with time zone, text) from public;
grant execute on function talkme.retry(bigint, timestamp with time zone, text) to talkme_operator;


-- ---- people/decide.sql 99c0395b5798 ----

-- What talkme.resolve and talkme.resolve_where set.
create or replace function talkme.decide(ids bigint[], verdict text) returns setof talkme.outbox
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  update talkme.outbox as o
  set status = case verdict when 'sent' then 'sent' when 'failed' then 'failed' when 'resend' then 'pending' end,
    finished_at = case when verdict in ('sent', 'failed') then now() end,
    claim       = case when verdict <> 'resend' then -abs(o.claim) end,
    error_code  = case when verdict <> 'sent' then o.error_code end,
    error       = case when verdict <> 'sent' then o.error end,
    attempts    = case when verdict = 'resend' then 0 else o.attempts end,
    retry_at    = case when verdict <> 'resend' then o.retry_at end,
    claimed_by  = case when verdict <> 'resend' then o.claimed_by end,
    claimed_at  = case when verdict <> 'resend' then o.claimed_at end
  where o.id = any (ids) and o.status = 'unknown'
  returning o.*;
end;

comment on function talkme.decide(bigint[], text) is 'Makes unknown rows sent, failed or pending (resend); returns them';

revoke execute on function talkme.decide(bigint[], text) from public;


-- ---- people/check-verdict.sql b37c0333e9d8 ----

create or replace function talkme.check_verdict(verdict text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if verdict is null or verdict not in ('sent', 'failed', 'resend') then
    perform talkme.refuse_as(
      'outbox_resolve_verdict', jsonb_build_object('verdict', coalesce(quote_literal(verdict), 'null')), '22023'
    );
  end if;
end
$$;

comment on function talkme.check_verdict(text) is 'Refuses anything but sent, failed and resend';

revoke execute on function talkme.check_verdict(text) from public;


-- ---- people/resolve.sql 52f281710b20 ----

create or replace function talkme.resolve(id bigint, verdict text, note text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o        talkme.outbox := talkme.find_row(id, '{talkme_operator}');
  obstacle text := talkme.obstacle_to_resend(o, null);
begin
  perform talkme.check_verdict(verdict);
  if o.id is null then
    perform talkme.refuse_no_row(id);
  elsif o.status <> 'unknown' then
    perform talkme.refuse_state('outbox_resolve_unknown', 'resolved', o);
  elsif verdict = 'resend' and obstacle is not null then
    perform talkme.refuse_obstacle('resent', o, obstacle);
  end if;

  select r.* into o from talkme.decide(array[resolve.id], verdict) as r;
  if not found or o.status <> replace(verdict, 'resend', 'pending') then
    -- Its real answer came, or somebody else decided first, or a trigger kept it.
    perform talkme.refuse_state('outbox_resolve_unknown', 'resolved', talkme.find_row(id, '{talkme_operator}'));
  end if;
  if verdict = 'resend' then
    perform talkme.notify_daemon();
  end if;
  perform talkme.record_action('resolve', jsonb_build_object('id', o.id, 'as', verdict), array[o.id], note);
  return talkme.say('said.resolved', jsonb_build_object('id', o.id, 'status', o.status));
end
$$;

comment on function talkme.resolve(bigint, text, text) is
  'Decides about an unknown row: sent, failed, or resend, which may message a person twice if you are wrong';

revoke execute on function talkme.resolve(bigint, text, text) from public;
grant execute on function talkme.resolve(bigint, text, text) to talkme_operator;


-- ---- people/touched.sql cf151b345bc8 ----

create type talkme.touched as (what text, status text, error_code text, rows bigint);

comment on type talkme.touched is
  'What a function that acts on many rows did or would do, and to how many rows of each kind';


-- ---- people/waiting-lanes.sql 0adcf6b71b0e ----

-- Skips through the index: one descent for each lane, however many rows it has.
create or replace function talkme.waiting_lanes(account text, id_campanha bigint, id_wpp bigint) returns text[]
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  with recursive found (lane) as (
    (select o.lane from talkme.outbox as o where o.status = 'pending' order by o.lane limit 1)
    union all
    select next.lane
    from found
    cross join lateral (
      select o.lane from talkme.outbox as o where o.status = 'pending' and o.lane > found.lane order by o.lane limit 1
    ) as next
  )
  select array_agg(f.lane)
  from found as f
  cross join talkme.lane_parts(f.lane) as l
  where (waiting_lanes.account is null or l.account = waiting_lanes.account)
    and (id_campanha is null or l.campaign = id_campanha::text)
    and (id_wpp is null or l.channel = id_wpp::text);
end;

comment on function talkme.waiting_lanes(text, bigint, bigint) is
  'The lanes with waiting rows, of the account, campaign and channel that are given';

revoke execute on function talkme.waiting_lanes(text, bigint, bigint) from public;


-- ---- people/check-filter.sql ad359dfe732b ----

create or replace function talkme.check_filter(
  allowed text[], status text, error_code text, account text, id_campanha bigint, id_wpp bigint,
  since timestamptz, until timestamptz, batch_id bigint, ids bigint[], numero_dest text, metadata jsonb, dedupe_key text
) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'status', status, 'error_code', error_code, 'account', account, 'id_campanha', id_campanha, 'id_wpp', id_wpp,
    'since', since, 'until', until, 'batch_id', batch_id, 'ids', ids,
    'recipient', case when numero_dest is not null then talkme.parse_recipient(numero_dest) end,
    'dedupe_key', dedupe_key
    -- What it asks for may be a null.
  )) || case when metadata is null then '{}' else jsonb_build_object('metadata', metadata) end;
begin
  if filter = '{}' then
    perform talkme.refuse_as('outbox_filter_given', '{}', '22023');
  elsif status <> all (allowed) then
    perform talkme.refuse_as(
      'outbox_filter_status', jsonb_build_object('status', status, 'allowed', array_to_string(allowed, ', ')), '22023'
    );
  end if;
  return filter;
end
$$;

comment on function talkme.check_filter(
  text[], text, text, text, bigint, bigint, timestamptz, timestamptz, bigint, bigint[], text, jsonb, text
) is
  'Refuses a filter without conditions, or with a status that does not allow the action; returns the filter as talkme.match_rows takes it';

revoke execute on function talkme.check_filter(
  text[], text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, bigint, bigint[], text, jsonb, text
) from public;


-- ---- people/filter-for-audit.sql 50471fc499e1 ----

create or replace function talkme.filter_for_audit(filter jsonb) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select filter - '{ids,recipient,metadata,dedupe_key}'::text[] || jsonb_strip_nulls(jsonb_build_object(
    'ids', jsonb_array_length(filter -> 'ids'),
    'numero_dest', case when filter ? 'recipient' then 'given' end,
    'metadata', case when filter ? 'metadata' then 'given' end,
    'dedupe_key', case when filter ? 'dedupe_key' then 'given' end
  ));
end;

comment on function talkme.filter_for_audit(jsonb) is
  'A filter without what may name a person; of ids their number: talkme.audit_row has the rows';

revoke execute on function talkme.filter_for_audit(jsonb) from public;


-- ---- people/named-rows.sql 53b45d80e278 ----

-- The conditions by which a few rows are found at once, whatever their status: looked up first, so that no index of a status is
-- walked for them.
create or replace function talkme.named_rows(filter jsonb) returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  whom  constant text := filter ->> 'recipient';
  key   constant text := filter ->> 'dedupe_key';
  named bigint[] := case
    when filter ? 'ids' then array(select e::bigint from jsonb_array_elements_text(filter -> 'ids') as e where e is not null)
  end;
begin
  if key is not null then
    named := array(
      -- The index begins with the account: one descent for each.
      with recursive of (account) as (
        (select o.account from talkme.outbox as o where o.dedupe_key is not null order by o.account limit 1)
        union all
        select (
          select o.account from talkme.outbox as o where o.dedupe_key is not null and o.account > of.account order by o.account limit 1
        )
        from of
        where of.account is not null
      )
      select o.id
      from of
      join talkme.outbox as o on o.account = of.account and o.dedupe_key = key
      where named is null or o.id = any (named)
    );
  end if;
  if whom is not null then
    named := array(
      select o.id from talkme.outbox as o
      where (o.recipient = whom or o.email_dest is not null and talkme.address_key(o.email_dest) = whom)
        and (named is null or o.id = any (named))
    );
  end if;
  return named;
end
$$;

comment on function talkme.named_rows(jsonb) is
  'The ids that a filter asks for by ids, recipient and dedupe_key; null if it has none of these';

revoke execute on function talkme.named_rows(jsonb) from public;


-- ---- people/match.sql d760a30bdd1a ----

create type talkme.match as (id bigint, status text, error_code text, obstacle text);

comment on type talkme.match is 'A row that a filter matches, and what keeps it from being changed, as a word of talkme.say';


-- ---- people/match-rows.sql f37f04a584e7 ----

-- Which rows a filter matches and, if they are to be changed, which of them somebody else has locked. What it asks for but cannot be
-- changed is matched with an obstacle: rows on the wire, and of ids all that are given.
create or replace function talkme.match_rows(statuses text[], filter jsonb, for_update boolean) returns setof talkme.match
language plpgsql
set search_path = pg_catalog, pg_temp
-- Each combination of conditions gets a plan of its own: one plan for all of them would suit none.
set plan_cache_mode = force_custom_plan
as $$
declare
  everybodys constant boolean     := talkme.caller_is('{talkme_operator}');
  creators   constant name[]      := array(select r.rolname from pg_roles as r where pg_has_role(talkme.caller(), r.oid, 'usage'));
  code       constant text        := filter ->> 'error_code';
  held       constant boolean     := coalesce(code in ('held', 'held_burst', 'held_duplicate', 'batch_paused'), (filter ->> 'held')::boolean, false);
  of_account constant text        := filter ->> 'account';
  campaign   constant bigint      := filter ->> 'id_campanha';
  batch      constant bigint      := filter ->> 'batch_id';
  channel    constant bigint      := filter ->> 'id_wpp';
  since      constant timestamptz := filter ->> 'since';
  until      constant timestamptz := filter ->> 'until';
  data       constant jsonb       := filter -> 'metadata';
  named      constant bigint[]    := talkme.named_rows(filter);
  lanes      constant text[]      := case
                                       when 'pending' = any (statuses) and named is null and num_nonnulls(of_account, campaign, channel) > 0
                                       then coalesce(talkme.waiting_lanes(of_account, campaign, channel), '{}')
                                     end;
  matched    talkme.match[] := '{}';
  given      bigint[];
begin
  if 'pending' = any (statuses) then
    matched := array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = 'pending'
        and (named is null or o.id = any (named))
        and (lanes is null or o.lane = any (lanes))
        and (not held or o.retry_at = talkme.held_until())
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.created_at >= since) and (until is null or o.created_at < until)
        and (batch is null or o.batch_id = batch) and (data is null or o.metadata @> data)
        and (everybodys or o.created_by = any (creators))
    ) || array(
      select (o.id, o.status, o.error_code, 'on_the_wire')::talkme.match
      from talkme.outbox as o
      where o.status = 'sending' and not held
        and (named is null or o.id = any (named))
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.created_at >= since) and (until is null or o.created_at < until)
        and (batch is null or o.batch_id = batch) and (data is null or o.metadata @> data)
        and (everybodys or o.created_by = any (creators))
    );
  end if;
  if 'unknown' = any (statuses) then
    matched := matched || array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = 'unknown' and o.status in ('failed', 'unknown', 'expired', 'cancelled')
        and (named is null or o.id = any (named))
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.claimed_at >= since) and (until is null or o.claimed_at < until)
        and (batch is null or o.batch_id = batch) and (data is null or o.metadata @> data)
        and (everybodys or o.created_by = any (creators))
    );
  end if;
  if statuses && '{failed,expired,cancelled}' then
    matched := matched || array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = any (array_remove(array_remove(statuses, 'pending'), 'unknown'))
        and o.status in ('failed', 'unknown', 'expired', 'cancelled')
        and (named is null or o.id = any (named))
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.finished_at >= since) and (until is null or o.finished_at < until)
        and (batch is null or o.batch_id = batch) and (data is null or o.metadata @> data)
        and (everybodys or o.created_by = any (creators))
    );
  end if;

  if filter ? 'ids' then
    given := array(select distinct e::bigint from jsonb_array_elements_text(filter -> 'ids') as e where e is not null);
    matched := matched || array(
      select (g.id, o.status, o.error_code, case
        when o.id is null then 'no_row'
        when o.status = 'sending' then 'on_the_wire'
        when o.status <> all (statuses) then 'status'
        else 'conditions'
      end)::talkme.match
      from unnest(given) as g (id)
      left join unnest(matched) as m on m.id = g.id
      left join talkme.outbox as o on o.id = g.id and (everybodys or o.created_by = any (creators))
      where m.id is null
    );
  end if;

  if not for_update then
    return query select f.* from unnest(matched) as f;
  else
    return query
    with mine as materialized (
      select o.id
      from talkme.outbox as o
      where o.id = any (array(select f.id from unnest(matched) as f where f.obstacle is null)) and o.status = any (statuses)
      for update skip locked
    )
    select f.id, f.status, f.error_code, case when f.obstacle is not null then f.obstacle when m.id is null then 'locked' end
    from unnest(matched) as f
    left join mine as m using (id);
  end if;
end
$$;

comment on function talkme.match_rows(text[], jsonb, boolean) is
  'The rows that a filter matches and the caller may change, and those that cannot be, with the reason; locks them if they are to be changed, except those that somebody else has locked';

revoke execute on function talkme.match_rows(text[], jsonb, boolean) from public;


-- ---- people/report-touched.sql a0c69d1e3d5c ----

create or replace function talkme.report_touched(matched talkme.match[], done text, go boolean) returns setof talkme.touched
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select
    case
      when f.obstacle is not null then talkme.say('touched.left', jsonb_build_object('obstacle', f.obstacle))
      when go then talkme.say('done.' || done)
      else talkme.say('touched.would', jsonb_build_object('done', done))
    end,
    f.status, f.error_code, count(*)
  from unnest(matched) as f
  group by f.obstacle, f.status, f.error_code
  order by f.obstacle is not null, count(*) desc, f.obstacle, f.status, f.error_code;
  if not found then
    return next (talkme.say('touched.none'), null, null, 0)::talkme.touched;
  end if;
end
$$;

comment on function talkme.report_touched(talkme.match[], text, boolean) is
  'What was done, or would be done without go, by status and error_code';

revoke execute on function talkme.report_touched(talkme.match[], text, boolean) from public;


-- ---- people/held-error.sql 77d7acc31ce0 ----

create or replace function talkme.held_error() returns text
language sql immutable parallel safe
return 'A person holds it: it waits for talkme.resume_where, and talkme.cancel drops it.';

comment on function talkme.held_error() is 'The error of a row that talkme.pause_where holds';

revoke execute on function talkme.held_error() from public;


-- ---- people/merged.sql 746b11a965ea ----

create or replace function talkme.merged(was jsonb, changes jsonb) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when jsonb_typeof(changes) = 'null' then null
    when jsonb_typeof(changes) = 'object' and coalesce(jsonb_typeof(was), 'object') = 'object' then
      (coalesce(was, '{}') || changes)
        - array(select c.key from jsonb_each(case when jsonb_typeof(changes) = 'object' then changes end) as c where jsonb_typeof(c.value) = 'null')
    else changes
  end;
end;

comment on function talkme.merged(jsonb, jsonb) is
  'An object with the keys of another one put in its place, and without those that are null there';

revoke execute on function talkme.merged(jsonb, jsonb) from public;


-- ---- people/corrected.sql 323c947300e8 ----

-- Variables and metadata are merged: what is not named stays, and null takes a key away. PostgreSQL's own rules decide whether a
-- value fits its column.
create or replace function talkme.corrected(o talkme.outbox, changes jsonb) returns talkme.outbox
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  merged constant text[] := '{info_contato,metadata}';
  n      talkme.outbox := jsonb_populate_record(o, changes - merged);
begin
  if changes ? 'info_contato' then
    n.info_contato := talkme.merged(o.info_contato, talkme.plain_info_contato(changes -> 'info_contato'));
  end if;
  if changes ? 'metadata' then
    n.metadata := talkme.merged(o.metadata, changes -> 'metadata');
  end if;
  return n;
end
$$;

comment on function talkme.corrected(talkme.outbox, jsonb) is 'A row as it will be with the changes of talkme.correct_where';

revoke execute on function talkme.corrected(talkme.outbox, jsonb) from public;


-- ---- people/check-changes.sql b167d39e1e76 ----

create or replace function talkme.check_changes(changes jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  -- What a producer writes, but for the batch.
  columns constant text[] := '{account,id_campanha,id_wpp,numero_dest,email_dest,txtmsg,assunto,info_contato,priority,send_at,expires_at,dedupe_key,max_attempts,on_unknown,metadata}';
  wrong   text;
  tried   talkme.outbox;
begin
  if changes is null or jsonb_typeof(changes) <> 'object' or changes = '{}' then
    perform talkme.refuse_as(
      'outbox_changes_given', jsonb_build_object('columns', array_to_string(columns, ', ')), '22023'
    );
  end if;
  select string_agg(k, ', ') into wrong from jsonb_object_keys(changes) as k where k <> all (columns);
  if wrong is not null then
    perform talkme.refuse_as(
      'outbox_changes_columns',
      jsonb_build_object('wrong', talkme.hide_numbers(wrong), 'columns', array_to_string(columns, ', ')), '22023'
    );
  end if;
  select string_agg(c.key, ', ') into wrong
  from jsonb_each(changes) as c
  where jsonb_typeof(c.value) = 'null' and c.key in ('account', 'priority', 'send_at');
  if wrong is not null then
    perform talkme.refuse_as('outbox_changes_null', jsonb_build_object('wrong', wrong), '22023');
  end if;
  begin
    tried := jsonb_populate_record(null::talkme.outbox, changes - '{info_contato,metadata}'::text[]);
  exception when data_exception then
    perform talkme.refuse_as('outbox_changes_fit', jsonb_build_object('why', talkme.hide_numbers(sqlerrm)), '22023');
  end;
end
$$;

comment on function talkme.check_changes(jsonb) is
  'Refuses changes that are not an object of columns that a producer writes, or whose values do not fit them';

revoke execute on function talkme.check_changes(jsonb) from public;


-- ---- people/refuse-one-recipient.sql f6c4a1fe9d18 ----

create or replace function talkme.refuse_one_recipient(ids bigint[], changes jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  people integer;
begin
  if coalesce(changes ->> 'numero_dest', changes ->> 'email_dest') is null then
    return;
  end if;
  select count(distinct o.recipient) into people from talkme.outbox as o where o.id = any (ids);
  if people > 1 then
    perform talkme.refuse_as('outbox_changes_recipient', jsonb_build_object('people', people), '22023');
  end if;
end
$$;

comment on function talkme.refuse_one_recipient(bigint[], jsonb) is 'Refuses to give the messages of several people to one';

revoke execute on function talkme.refuse_one_recipient(bigint[], jsonb) from public;


-- ---- people/changes-for-audit.sql 82a9ad3b8590 ----

create or replace function talkme.changes_for_audit(ids bigint[], changes jsonb) returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  with open (key) as (
    values ('account'), ('id_campanha'), ('id_wpp'), ('priority'), ('send_at'), ('expires_at'), ('max_attempts'), ('on_unknown')
  ),
  -- The most usual values; those of a million rows would be too many.
  was as (
    select v.key, jsonb_agg(v.value order by v.rows desc, v.value) as values
    from (
      select c.key, to_jsonb(o) -> c.key as value, count(*) as rows,
        row_number() over (partition by c.key order by count(*) desc) as place
      from talkme.outbox as o
      cross join lateral (select k as key from jsonb_object_keys(changes) as k where k in (select open.key from open)) as c
      where o.id = any (ids)
      group by 1, 2
    ) as v
    where v.place <= 10
    group by v.key
  )
  select jsonb_build_object(
    'before', coalesce((select jsonb_object_agg(w.key, w.values) from was as w), '{}'),
    'after', (
      select jsonb_object_agg(c.key, case when c.key in (select open.key from open) or jsonb_typeof(c.value) = 'null' then c.value else '"given"' end)
      from jsonb_each(changes) as c
    )
  );
end;

comment on function talkme.changes_for_audit(bigint[], jsonb) is
  'What rows had before a correction, up to ten values of a column, and have after it; without the values of what may name a person';

revoke execute on function talkme.changes_for_audit(bigint[], jsonb) from public;


-- ---- people/actions-on.sql bbd9264fcef9 ----

create or replace function talkme.actions_on(id bigint) returns setof talkme.audit
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select a.*
  from talkme.audit_row as r
  join talkme.audit as a on a.id = r.audit_id
  where r.outbox_id = actions_on.id
  order by a.id;
end;

comment on function talkme.actions_on(bigint) is 'The entries of talkme.audit about a row';

revoke execute on function talkme.actions_on(bigint) from public;


-- ---- people/obstacle-to-correct.sql 471eda24c2b4 ----

-- What an insert would refuse, a correction is refused, too: the recipient, the variables, the campaign, a duplicate, a suppression.
-- Each in the sentence that the insert would have.
create or replace function talkme.obstacle_to_correct(o talkme.outbox, changes jsonb) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  n        talkme.outbox;
  broken   text[];
  moved    boolean;
  problem  text;
  campaign talkme.campaign;
  earlier  record;
begin
  if o.blanked_at is not null then
    return 'blanked';
  end if;
  n := talkme.corrected(o, changes);
  if n is not distinct from o then
    return 'same';
  end if;

  broken := talkme.broken_rules(n);
  if broken <> '{}' then
    return (talkme.describe_problem(broken[1], n)).complaint;
  elsif n.info_contato is not null and not talkme.is_plain_info_contato(n.info_contato) then
    select p.complaint into problem from talkme.info_contato_problems(n.info_contato) as p limit 1;
    if found then
      return problem;
    end if;
  end if;
  if n.expires_at <= now() and n.expires_at is distinct from o.expires_at then
    return 'expired';
  end if;

  moved := (n.account, n.id_campanha) is distinct from (o.account, o.id_campanha);
  if moved or n.info_contato is distinct from o.info_contato then
    select p.complaint into problem
    from talkme.guard_problems(n, moved) as p
    where p.code not in ('outbox_duplicate', 'outbox_batch_exists')
    limit 1;
    if found then
      return problem;
    end if;
  end if;
  if moved or (n.numero_dest, n.email_dest, n.info_contato) is distinct from (o.numero_dest, o.email_dest, o.info_contato) then
    select * into campaign from talkme.campaign as c where c.account = n.account and c.id_campanha = n.id_campanha;
    if campaign.duplicate_window is not null then
      earlier := talkme.find_duplicate(n, campaign.duplicate_window);
      if earlier.id <> o.id then
        return 'duplicate';
      end if;
    end if;
  end if;
  if (n.account, n.dedupe_key) is distinct from (o.account, o.dedupe_key) and exists (
    select from talkme.outbox as r where r.account = n.account and r.dedupe_key = n.dedupe_key and r.id <> o.id
  ) then
    return talkme.say('outbox_dedupe_key');
  end if;

  -- As in turn_problems: the list is not for producers. A row of theirs is cancelled at its turn.
  if (n.numero_dest, n.email_dest) is distinct from (o.numero_dest, o.email_dest)
    and talkme.caller_is('{talkme_viewer,talkme_operator}')
    and exists (
      select from talkme.suppression as s where s.recipient in (talkme.recipient_key(n.numero_dest, n.email_dest), talkme.address_key(n.email_dest))
    )
  then
    return 'suppressed';
  end if;
  return null;
end
$$;

comment on function talkme.obstacle_to_correct(talkme.outbox, jsonb) is
  'Why a row cannot get the changes of talkme.correct_where, as a word or a sentence; null if it can';

revoke execute on function talkme.obstacle_to_correct(talkme.outbox, jsonb) from public;


-- ---- people/obstacle-to-release.sql 4fefb72a16e9 ----

create or replace function talkme.obstacle_to_release(o talkme.outbox) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return case
    when o.retry_at is distinct from talkme.held_until() then 'not_held'
    when o.batch_id is not null and exists (select from talkme.paused as p where p.scope = 'batch:' || o.batch_id) then 'batch_paused'
    when talkme.caller_is('{talkme_operator}') then null
    -- A producer lets go what it holds itself.
    when o.error_code is distinct from 'held' or not coalesce((
      select talkme.caller_is_creator(a.who)
      from talkme.actions_on(o.id) as a
      where a.action = 'pause_where'
      order by a.id desc
      limit 1
    ), false) then 'held_by_others'
  end;
end
$$;

comment on function talkme.obstacle_to_release(talkme.outbox) is
  'Why talkme.resume_where cannot let a row go, as a word of talkme.say: obstacle; null if it can';

revoke execute on function talkme.obstacle_to_release(talkme.outbox) from public;


-- ---- people/obstacle-to.sql 46207ffdd1d1 ----

create or replace function talkme.obstacle_to(action text, o talkme.outbox, how jsonb) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return case action
    when 'retry' then coalesce(
      talkme.obstacle_to_resend(o, (how ->> 'expires_at')::timestamptz),
      case when talkme.may_have_been_sent(o.id) then 'perhaps_sent' end
    )
    when 'resolve' then case when how ->> 'as' = 'resend' then talkme.obstacle_to_resend(o, null) end
    when 'resume' then talkme.obstacle_to_release(o)
    when 'correct' then talkme.obstacle_to_correct(o, how -> 'changes')
  end;
end
$$;

comment on function talkme.obstacle_to(text, talkme.outbox, jsonb) is
  'What keeps an action from being done with a row that is in the right state, as a word of talkme.say: obstacle; null if nothing does';

revoke execute on function talkme.obstacle_to(text, talkme.outbox, jsonb) from public;


-- ---- people/perform-action.sql 143a1ff64a69 ----

-- What the actions on many rows write; their rows are locked, and may be changed.
create or replace function talkme.perform_action(action text, ids bigint[], how jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  case action
    when 'cancel' then
      update talkme.outbox as o
      set status = 'cancelled', finished_at = now()
      where o.status = 'pending' and o.id = any (ids);
    when 'retry' then
      perform talkme.bring_back(ids, (how ->> 'expires_at')::timestamptz);
    when 'resolve' then
      perform talkme.decide(ids, how ->> 'as');
    when 'pause' then
      update talkme.outbox as o
      set retry_at = talkme.held_until(), error_code = 'held', error = talkme.held_error()
      where o.status = 'pending' and o.id = any (ids);
    when 'resume' then
      update talkme.outbox as o
      set retry_at = null, error_code = null, error = null
      where o.status = 'pending' and o.id = any (ids);
    when 'correct' then
      update talkme.outbox as o
      set account = n.account, id_campanha = n.id_campanha, id_wpp = n.id_wpp, numero_dest = n.numero_dest, email_dest = n.email_dest,
        txtmsg = n.txtmsg, assunto = n.assunto, info_contato = n.info_contato, priority = n.priority, send_at = n.send_at,
        expires_at = n.expires_at, dedupe_key = n.dedupe_key, max_attempts = n.max_attempts, on_unknown = n.on_unknown,
        metadata = n.metadata,
        -- A window or a gap is judged again: the recipient or the campaign may be another.
        retry_at   = case when put_off then null else o.retry_at end,
        error_code = case when put_off then null else o.error_code end,
        error      = case when put_off then null else o.error end
      from talkme.outbox as r
      cross join lateral talkme.corrected(r, how -> 'changes') as n
      cross join lateral (select r.status = 'pending' and coalesce(r.error_code in ('outside_window', 'recipient_gap'), false)) as f (put_off)
      where o.id = any (ids) and r.id = any (ids) and o.id = r.id;
  end case;
end
$$;

comment on function talkme.perform_action(text, bigint[], jsonb) is
  'Cancels, retries, resolves, pauses, resumes or corrects rows by their ids';

revoke execute on function talkme.perform_action(text, bigint[], jsonb) from public;


-- ---- people/perform-on-each.sql 195d5da83a91 ----

-- A customer's trigger may refuse one row of a hundred thousand. Halves that fail are halved again, so that it costs few
-- subtransactions to find which.
create or replace function talkme.perform_on_each(action text, ids bigint[], how jsonb) returns table (id bigint, obstacle text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  middle constant integer := cardinality(ids) / 2;
  before text[];
begin
  if cardinality(ids) = 0 then
    return;
  end if;
  if action = 'correct' then
    before := array(select md5(o::text) from talkme.outbox as o where o.id = any (ids));
  end if;
  begin
    perform talkme.perform_action(action, ids, how);
    -- A trigger may also keep a row as it was without a word: what was not done is not reported as done.
    return query
    select o.id, 'unchanged'
    from talkme.outbox as o
    where o.id = any (ids) and case action
      when 'correct' then
        md5(o::text) = any (before) and talkme.corrected(o, how -> 'changes') is distinct from o
      when 'pause' then o.retry_at is distinct from talkme.held_until()
      when 'resume' then o.retry_at = talkme.held_until()
      else o.status <> case action when 'cancel' then 'cancelled' when 'retry' then 'pending' else replace(how ->> 'as', 'resend', 'pending') end
    end;
    return;
  exception when others then
    -- The database's own trouble is no matter of a row.
    if sqlstate ~ '^(40|53|54|57|58|XX|55P03)' then
      raise;
    elsif middle = 0 then
      return query select ids[1], talkme.hide_numbers(sqlerrm);
      return;
    end if;
  end;
  return query select * from talkme.perform_on_each(action, ids[:middle], how);
  return query select * from talkme.perform_on_each(action, ids[middle + 1:], how);
end
$$;

comment on function talkme.perform_on_each(text, bigint[], jsonb) is
  'As talkme.perform_action, but leaves out the rows that something refuses or keeps as they were; returns these, and why';

revoke execute on function talkme.perform_on_each(text, bigint[], jsonb) from public;


-- ---- people/act-where.sql 8e902d6310ab ----

-- What all functions do that act on the rows of a filter: find them, say what keeps some of them from it, and if it is meant, do it
-- with the others and write it down.
create or replace function talkme.act_where(
  action text, statuses text[], filter jsonb, how jsonb, done text, reason text, go boolean, recorded_as text default null
) returns setof talkme.touched
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  of_operator constant boolean := talkme.caller_is('{talkme_operator}');
  matched talkme.match[];
  refused talkme.match[];
  ids     bigint[];
  about   jsonb;
begin
  matched := array(select m from talkme.match_rows(statuses, filter, go) as m);
  if action <> 'cancel' then
    matched := array(
      select case
        when f.obstacle is not null then f
        -- Nearly all of many rows: a function for each would take longer than all the rest.
        when action = 'resume' and of_operator and o.batch_id is null and o.retry_at = talkme.held_until() then f
        when action = 'pause' then (f.id, f.status, f.error_code, case when o.retry_at = talkme.held_until() then 'held' end)::talkme.match
        else (f.id, f.status, f.error_code, talkme.obstacle_to(action, o, how))::talkme.match
      end
      from unnest(matched) as f
      left join talkme.outbox as o on o.id = f.id
    );
  end if;
  ids := array(select f.id from unnest(matched) as f where f.obstacle is null);
  if action = 'correct' then
    perform talkme.refuse_one_recipient(ids, how -> 'changes');
  end if;

  if go then
    about := talkme.filter_for_audit(filter - 'held') || case
      when action = 'correct' then talkme.changes_for_audit(ids, how -> 'changes')
      else how
    end;
    refused := array(select (t.id, null, null, t.obstacle)::talkme.match from talkme.perform_on_each(action, ids, how) as t);
    if refused <> '{}' then
      matched := array(
        select (f.id, f.status, f.error_code, coalesce(f.obstacle, t.obstacle))::talkme.match
        from unnest(matched) as f
        left join unnest(refused) as t using (id)
      );
    end if;
    ids := array(select f.id from unnest(matched) as f where f.obstacle is null);
    if action in ('retry', 'resume', 'correct') or how ->> 'as' = 'resend' then
      perform talkme.notify_daemon();
    end if;
    perform talkme.record_action(coalesce(recorded_as, action || '_where'), about, ids, reason);
  end if;
  return query select * from talkme.report_touched(matched, done, go);
end
$$;

comment on function talkme.act_where(text, text[], jsonb, jsonb, text, text, boolean, text) is
  'Does something with the rows that a filter matches, or counts them without go; done is a word of talkme.say';

revoke execute on function talkme.act_where(text, text[], jsonb, jsonb, text, text, boolean, text) from public;


-- ---- people/cancel-where.sql 7a03b5b56203 ----

create or replace function talkme.cancel_where(
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  reason      text        default null,
  go          boolean     default false,
  batch_id    bigint      default null,
  ids         bigint[]    default null,
  numero_dest text        default null,
  metadata    jsonb       default null,
  dedupe_key  text        default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(
    '{pending}', status, error_code, account, id_campanha, id_wpp, since, until, batch_id, ids, numero_dest, metadata, dedupe_key
  );
begin
  return query
  select * from talkme.act_where('cancel', '{pending}', filter, '{}', 'cancelled', reason, go);
end
$$;

comment on function talkme.cancel_where(text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean, bigint, bigint[], text, jsonb, text) is
  'Cancels the waiting rows that a filter matches; since and until go by created_at; without go => true it only says how many there are';

revoke execute on function talkme.cancel_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) from public;
grant execute on function talkme.cancel_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- people/retry-where.sql cd66c33abbec ----

create or replace function talkme.retry_where(
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  expires_at  timestamptz default null,
  reason      text        default null,
  go          boolean     default false,
  batch_id    bigint      default null,
  ids         bigint[]    default null,
  numero_dest text        default null,
  metadata    jsonb       default null,
  dedupe_key  text        default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(
    '{failed,expired,cancelled}', status, error_code, account, id_campanha, id_wpp, since, until, batch_id, ids, numero_dest, metadata, dedupe_key
  );
begin
  -- Whoever cancelled rows or let them expire meant it: only an explicit status brings those back.
  return query
  select * from talkme.act_where('retry', array[coalesce(status, 'failed')], filter, jsonb_strip_nulls(jsonb_build_object('expires_at', expires_at)), 'pending', reason, go);
end
$$;

comment on function talkme.retry_where(text, text, text, bigint, bigint, timestamptz, timestamptz, timestamptz, text, boolean, bigint, bigint[], text, jsonb, text) is
  'Makes the failed rows that a filter matches pending again (with status =>, the expired or the cancelled ones); since and until go by finished_at; without go => true it only says how many there are';

revoke execute on function talkme.retry_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) from public;
grant execute on function talkme.retry_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) to talkme_operator;


-- ---- people/resolve-where.sql 4a3c3ddc9860 ----

create or replace function talkme.resolve_where(
  verdict     text,
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  reason      text        default null,
  go          boolean     default false,
  batch_id    bigint      default null,
  ids         bigint[]    default null,
  numero_dest text        default null,
  metadata    jsonb       default null,
  dedupe_key  text        default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(
    '{unknown}', status, error_code, account, id_campanha, id_wpp, since, until, batch_id, ids, numero_dest, metadata, dedupe_key
  );
begin
  perform talkme.check_verdict(verdict);
  return query
  select * from talkme.act_where('resolve', '{unknown}', filter, jsonb_build_object('as', verdict), case verdict when 'resend' then 'pending' else verdict end, reason, go);
end
$$;

comment on function talkme.resolve_where(text, text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean, bigint, bigint[], text, jsonb, text) is
  'Decides about the unknown rows that a filter matches, as talkme.resolve does; since and until go by claimed_at; without go => true it only says how many there are';

revoke execute on function talkme.resolve_where(text, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) from public;
grant execute on function talkme.resolve_where(text, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) to talkme_operator;


-- ---- people/report-entries.sql ad5fcf4bb7ab ----

create or replace function talkme.report_entries(sent text[], not_sent text[]) returns table (recipient text, is_sent boolean, is_not_sent boolean)
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select e.recipient, bool_or(e.said), bool_or(not e.said)
  from (
    select
      s.said,
      case
        when talkme.is_plain_number(s.whom) then '55' || s.whom
        when s.whom ~ '@' then talkme.address_key(s.whom)
        else talkme.number_key(s.whom)
      end as recipient
    from (select w as whom, true as said from unnest(sent) as w union all select w, false from unnest(not_sent) as w) as s
    where s.whom is not null
  ) as e
  group by e.recipient;
end;

comment on function talkme.report_entries(text[], text[]) is
  'What a report says of each recipient, in the form of talkme.outbox.recipient; null or ?... for what cannot be read';

revoke execute on function talkme.report_entries(text[], text[]) from public;


-- ---- people/judge-by-report.sql f8fd9bdb099a ----

-- A report names a recipient, not a message. So another message to the same one, of the campaign and time that the report is about,
-- may be what it means: whoever took it for this one would take one for sent that was not.
create or replace function talkme.judge_by_report(
  matched talkme.match[], said_sent text[], said_not_sent text[], not_sent_as text, filter jsonb
) returns table (id bigint, status text, error_code text, obstacle text, verdict text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  campaign constant bigint      := filter ->> 'id_campanha';
  channel  constant bigint      := filter ->> 'id_wpp';
  since    constant timestamptz := filter ->> 'since';
  until    constant timestamptz := filter ->> 'until';
begin
  return query
  with entry as materialized (
    select * from talkme.report_entries(said_sent, said_not_sent)
  ),
  asked as materialized (
    select
      o as message, o.id, o.account, o.recipient, case when o.email_dest is not null then talkme.address_key(o.email_dest) end as address
    from talkme.outbox as o
    where o.id = any (array(select f.id from unnest(matched) as f where f.obstacle is null))
  ),
  said as materialized (
    select k.id, bool_or(e.is_sent) as is_sent, bool_or(e.is_not_sent) as is_not_sent
    from (
      select a.id, a.recipient as key from asked as a union all select a.id, a.address from asked as a
    ) as k
    join entry as e on e.recipient = k.key
    group by k.id
  )
  select
    f.id, f.status, f.error_code,
    coalesce(f.obstacle, case
      when s.id is null then 'not_in_report'
      when s.is_sent and s.is_not_sent then 'report_contradicts'
      when exists (
        select from talkme.outbox as r
        where (
            r.recipient = any (array[a.recipient, talkme.hash_recipient(a.recipient), a.address, talkme.hash_recipient(a.address)])
            or r.email_dest is not null and talkme.address_key(r.email_dest) = a.address
          )
          and r.id <> a.id and r.account = a.account
          and (campaign is null or r.id_campanha = campaign) and (channel is null or r.id_wpp = channel)
          and (since is null or r.claimed_at >= since) and (until is null or r.claimed_at < until)
          and (r.status in ('sent', 'unknown', 'sending') or talkme.may_have_been_sent(r.id))
      ) then 'report_ambiguous'
      when s.is_not_sent and not_sent_as = 'resend' then talkme.obstacle_to_resend(a.message, null)
    end),
    case when s.is_sent then 'sent' else not_sent_as end
  from unnest(matched) as f
  left join asked as a using (id)
  left join said as s using (id);
end
$$;

comment on function talkme.judge_by_report(talkme.match[], text[], text[], text, jsonb) is
  'What a report says of unknown rows: the verdict for each, or why there is none, as a word of talkme.say: obstacle';

revoke execute on function talkme.judge_by_report(talkme.match[], text[], text[], text, jsonb) from public;


-- ---- people/report-verdicts.sql 32c8c1f8c15f ----

create or replace function talkme.report_verdicts(matched talkme.match[], were_sent bigint[], not_sent_as text, go boolean)
returns setof talkme.touched
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  decided talkme.match[];
begin
  decided := array(select f from unnest(matched) as f join unnest(were_sent) as s (id) on s.id = f.id where f.obstacle is null);
  if decided <> '{}' then
    return query select * from talkme.report_touched(decided, 'sent', go);
  end if;
  decided := array(
    select f from unnest(matched) as f left join unnest(were_sent) as s (id) on s.id = f.id where f.obstacle is null and s.id is null
  );
  if decided <> '{}' then
    return query select * from talkme.report_touched(decided, case not_sent_as when 'resend' then 'pending' else not_sent_as end, go);
  end if;
  decided := array(select f from unnest(matched) as f where f.obstacle is not null);
  if decided <> '{}' or matched = '{}' then
    return query select * from talkme.report_touched(decided, 'sent', go);
  end if;
end
$$;

comment on function talkme.report_verdicts(talkme.match[], bigint[], text, boolean) is
  'What talkme.resolve_report did, or would do without go, for each verdict, by status and error_code';

revoke execute on function talkme.report_verdicts(talkme.match[], bigint[], text, boolean) from public;


-- ---- people/report-entries-left.sql 7ba00a3a74e6 ----

create or replace function talkme.report_entries_left(sent text[], not_sent text[], matched talkme.match[])
returns setof talkme.touched
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  with entry as (
    select e.recipient, e.recipient is null or e.recipient ~ '^[?]' as unreadable from talkme.report_entries(sent, not_sent) as e
  ),
  known as (
    select o.recipient
    from unnest(matched) as f
    join talkme.outbox as o on o.id = f.id
    union
    select talkme.address_key(o.email_dest)
    from unnest(matched) as f
    join talkme.outbox as o on o.id = f.id
    where o.email_dest is not null
  )
  select case when e.unreadable then talkme.say('report.unreadable') else talkme.say('report.no_row') end, null::text, null::text, count(*)
  from entry as e
  left join known as k on k.recipient = e.recipient
  where e.unreadable or k.recipient is null
  group by e.unreadable
  order by e.unreadable;
end;

comment on function talkme.report_entries_left(text[], text[], talkme.match[]) is
  'How many recipients of a report cannot be read, and of how many no unknown row was found';

revoke execute on function talkme.report_entries_left(text[], text[], talkme.match[]) from public;


-- ---- people/resolve-report.sql b1af4397a9ff ----

create or replace function talkme.resolve_report(
  sent        text[]      default '{}',
  not_sent    text[]      default '{}',
  not_sent_as text        default 'failed',
  account     text        default 'default',
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  batch_id    bigint      default null,
  reason      text        default null,
  go          boolean     default false
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter   jsonb;
  matched  talkme.match[];
  refused  talkme.match[];
  were     bigint[];
  were_not bigint[];
begin
  if num_nonnulls(id_campanha, id_wpp) = 0 then
    perform talkme.refuse_as('outbox_report_target', '{}', '22023');
  elsif coalesce(cardinality(sent), 0) + coalesce(cardinality(not_sent), 0) = 0 then
    perform talkme.refuse_as('outbox_report_given', '{}', '22023');
  elsif not_sent_as is null or not_sent_as not in ('failed', 'resend') then
    perform talkme.refuse_as(
      'outbox_report_verdict', jsonb_build_object('verdict', coalesce(quote_literal(not_sent_as), 'null')), '22023'
    );
  end if;
  filter := talkme.check_filter(
    '{unknown}', null, null, coalesce(account, 'default'), id_campanha, id_wpp, since, until, batch_id, null, null, null, null
  );

  select
    coalesce(array_agg((j.id, j.status, j.error_code, j.obstacle)::talkme.match), '{}'),
    coalesce(array_agg(j.id) filter (where j.obstacle is null and j.verdict = 'sent'), '{}'),
    coalesce(array_agg(j.id) filter (where j.obstacle is null and j.verdict <> 'sent'), '{}')
  into matched, were, were_not
  from talkme.judge_by_report(
    array(select m from talkme.match_rows('{unknown}', filter, go) as m), sent, not_sent, not_sent_as, filter
  ) as j;

  if go then
    refused := array(
      select (t.id, null, null, t.obstacle)::talkme.match
      from (
        select * from talkme.perform_on_each('resolve', were, '{"as": "sent"}')
        union all
        select * from talkme.perform_on_each('resolve', were_not, jsonb_build_object('as', not_sent_as))
      ) as t
    );
    matched := array(
      select (f.id, f.status, f.error_code, coalesce(f.obstacle, t.obstacle))::talkme.match
      from unnest(matched) as f
      left join unnest(refused) as t using (id)
    );
    if not_sent_as = 'resend' then
      perform talkme.notify_daemon();
    end if;
    perform talkme.record_action(
      'resolve_report',
      talkme.filter_for_audit(filter) || jsonb_build_object(
        'sent', cardinality(were), 'not_sent', cardinality(were_not), 'not_sent_as', not_sent_as
      ),
      array(select f.id from unnest(matched) as f where f.obstacle is null), reason
    );
  end if;
  return query select * from talkme.report_verdicts(matched, were, not_sent_as, go);
  return query select * from talkme.report_entries_left(sent, not_sent, matched);
end
$$;

comment on function talkme.resolve_report(text[], text[], text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, boolean) is
  'Decides about unknown rows by a report of Talk.me: the recipients of a campaign or channel to whom a message was sent, and to whom none was, in any spelling. What is ambiguous is left; without go => true it only says how many there are';

revoke execute on function talkme.resolve_report(text[], text[], text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, bigint, text, boolean) from public;
grant execute on function talkme.resolve_report(text[], text[], text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, bigint, text, boolean) to talkme_operator;


-- ---- people/pause-where.sql 493035dc7fbb ----

create or replace function talkme.pause_where(
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  reason      text        default null,
  go          boolean     default false,
  batch_id    bigint      default null,
  ids         bigint[]    default null,
  numero_dest text        default null,
  metadata    jsonb       default null,
  dedupe_key  text        default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(
    '{pending}', status, error_code, account, id_campanha, id_wpp, since, until, batch_id, ids, numero_dest, metadata, dedupe_key
  );
begin
  return query
  select * from talkme.act_where('pause', '{pending}', filter, '{}', 'held', reason, go);
end
$$;

comment on function talkme.pause_where(text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean, bigint, bigint[], text, jsonb, text) is
  'Holds the waiting rows that a filter matches until talkme.resume_where; since and until go by created_at; without go => true it only says how many there are';

revoke execute on function talkme.pause_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) from public;
grant execute on function talkme.pause_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) to talkme_operator, talkme_producer;


-- ---- people/resume-where.sql e27068256105 ----

create or replace function talkme.resume_where(
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  reason      text        default null,
  go          boolean     default false,
  batch_id    bigint      default null,
  ids         bigint[]    default null,
  numero_dest text        default null,
  metadata    jsonb       default null,
  dedupe_key  text        default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(
    '{pending}', status, error_code, account, id_campanha, id_wpp, since, until, batch_id, ids, numero_dest, metadata, dedupe_key
  );
begin
  return query
  select * from talkme.act_where('resume', '{pending}', filter || jsonb_build_object('held', ids is null), '{}', 'released', reason, go);
end
$$;

comment on function talkme.resume_where(text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean, bigint, bigint[], text, jsonb, text) is
  'Lets the held rows that a filter matches go; since and until go by created_at; without go => true it only says how many there are';

revoke execute on function talkme.resume_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) from public;
grant execute on function talkme.resume_where(text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) to talkme_operator, talkme_producer;


-- ---- people/correct-where.sql 68701c85cd3d ----

create or replace function talkme.correct_where(
  changes     jsonb,
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  reason      text        default null,
  go          boolean     default false,
  batch_id    bigint      default null,
  ids         bigint[]    default null,
  numero_dest text        default null,
  metadata    jsonb       default null,
  dedupe_key  text        default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(
    '{pending,failed,expired,cancelled}', status, error_code, account, id_campanha, id_wpp, since, until, batch_id, ids, numero_dest, metadata, dedupe_key
  );
begin
  perform talkme.check_changes(changes);
  return query
  select * from talkme.act_where('correct', case when status is null then '{pending,failed}' else array[status] end, filter, jsonb_build_object('changes', changes), 'corrected', reason, go);
end
$$;

comment on function talkme.correct_where(jsonb, text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean, bigint, bigint[], text, jsonb, text) is
  'Corrects the waiting and failed rows that a filter matches (with status =>, others that are not on the wire, sent or unknown): changes is an object of columns and values, checked as at the insert; without go => true it only says how many there are';

revoke execute on function talkme.correct_where(jsonb, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) from public;
grant execute on function talkme.correct_where(jsonb, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) to talkme_operator, talkme_producer;


-- ---- people/postpone-where.sql e5c47ba29941 ----

create or replace function talkme.postpone_where(
  send_at     timestamptz,
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  expires_at  timestamptz default null,
  reason      text        default null,
  go          boolean     default false,
  batch_id    bigint      default null,
  ids         bigint[]    default null,
  numero_dest text        default null,
  metadata    jsonb       default null,
  dedupe_key  text        default null
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(
    '{pending}', status, error_code, account, id_campanha, id_wpp, since, until, batch_id, ids, numero_dest, metadata, dedupe_key
  );
  changes constant jsonb := jsonb_build_object('send_at', send_at)
    || case when expires_at is null then '{}' else jsonb_build_object('expires_at', expires_at) end;
begin
  perform talkme.check_changes(changes);
  return query
  select * from talkme.act_where('correct', '{pending}', filter, jsonb_build_object('changes', changes), 'postponed', reason, go, 'postpone_where');
end
$$;

comment on function talkme.postpone_where(timestamptz, text, text, text, bigint, bigint, timestamptz, timestamptz, timestamptz, text, boolean, bigint, bigint[], text, jsonb, text) is
  'Gives the waiting rows that a filter matches another send_at, later or sooner, and another expires_at if one is given; since and until go by created_at; without go => true it only says how many there are';

revoke execute on function talkme.postpone_where(timestamp with time zone, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) from public;
grant execute on function talkme.postpone_where(timestamp with time zone, text, text, text, bigint, bigint, timestamp with time zone, timestamp with time zone, timestamp with time zone, text, boolean, bigint, bigint[], text, jsonb, text) to talkme_operator, talkme_producer;


-- ---- people/ended-by.sql 52887093864c ----

create or replace function talkme.ended_by(o talkme.outbox, out "by" text, out reason text)
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select a.who::text, talkme.hide_numbers(a.reason)
  from talkme.actions_on(o.id) as a
  where a.at = o.finished_at and a.action ~ '^(cancel|resolve)'
  order by a.id desc
  limit 1;
end;

comment on function talkme.ended_by(talkme.outbox) is 'Who cancelled or resolved a row, and why; null if nobody did';

revoke execute on function talkme.ended_by(talkme.outbox) from public;


-- ---- history/history-change.sql a35b28386e00 ----

create or replace function talkme.history_change() returns jsonb
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  s record := talkme.history_state();
begin
  if not s.changed then
    return null;
  end if;
  return jsonb_build_object(
    'was_system_identifier', coalesce(s.was_system_identifier::text, 'unreadable'),
    'system_identifier', case
      when s.was_system_identifier is distinct from s.system_identifier then coalesce(s.system_identifier::text, 'unreadable')
    end,
    'was_timeline', coalesce(s.was_timeline, 'unreadable'),
    'timeline', case when s.was_timeline is distinct from s.timeline then coalesce(s.timeline, 'unreadable') end,
    'since', s.changed_at, 'acknowledgeable_at', case when s.acknowledgeable_at > now() then s.acknowledgeable_at end,
    'missing_claims', nullif(s.missing_claims, 0)
  );
end
$$;

comment on function talkme.history_change() is
  'What has changed of the database since it was acknowledged, and from when on that may be acknowledged; null while it is the same';

revoke execute on function talkme.history_change() from public;


-- ---- history/history-notice.sql c5fa4b0f0f8c ----

create or replace function talkme.history_notice(language text default null) returns text
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  change  constant jsonb := talkme.history_change();
  wanted  constant text := talkme.language(language);
begin
  if change is null then
    return null;
  end if;
  return talkme.say('history_notice', change || jsonb_build_object(
    'changes', concat_ws(
      ', ',
      case when change ->> 'system_identifier' is not null then talkme.say('history_notice.system', change, wanted) end,
      case when change ->> 'timeline' is not null then talkme.say('history_notice.timeline', change, wanted) end
    ),
    'unnoticed', case when change ->> 'since' is null then talkme.say('history_notice.unnoticed', '{}', wanted) end
  ), wanted);
end
$$;

comment on function talkme.history_notice(text) is
  'Why nothing is sent after a failover, a restore or a copy, and what to do, in sentences; null while the database is the acknowledged one';

revoke execute on function talkme.history_notice(text) from public;
grant execute on function talkme.history_notice(text) to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- people/reason.sql cb64b59f2a81 ----

create type talkme.reason as (code text, parameters jsonb);

comment on type talkme.reason is 'Why a row waits, or what became of it: a code and its parameters; until is when that ends by itself';


-- ---- people/reasons-of-time.sql 5f1d5bd77491 ----

create or replace function talkme.reasons_of_time(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  held_until   constant timestamptz := talkme.held_until();
  open_minutes int4multirange;
  gap          interval;
  opens_at     timestamptz;
  gap_until    timestamptz;
begin
  -- The pause of its batch is named as such.
  if o.retry_at = held_until and not (
    o.error_code = 'batch_paused' and exists (select from talkme.paused as p where p.scope = 'batch:' || o.batch_id)
  ) then
    return next (
      case
        when o.error_code in ('held_burst', 'held_duplicate') then o.error_code
        when o.error_code = 'held' then 'held_by_person'
        else 'held'
      end,
      coalesce((
        select jsonb_strip_nulls(jsonb_build_object('by', a.who, 'note', a.reason))
        from talkme.actions_on(o.id) as a
        where o.error_code = 'held' and a.action = 'pause_where'
        order by a.id desc
        limit 1
      ), '{}') || jsonb_build_object(
        'of', case when o.batch_id is null then 'campaign' else 'batch' end,
        'scope', coalesce('batch:' || o.batch_id, 'campaign:' || coalesce(o.id_campanha::text, 'ID'))
      )
    )::talkme.reason;
  end if;
  if o.send_at > now() then
    return next ('not_due', jsonb_build_object('until', o.send_at))::talkme.reason;
  end if;
  if o.retry_at > now() and o.retry_at < held_until and o.retry_at >= o.send_at then
    if o.error_code is null then
      return next ('retry_at', jsonb_build_object('until', o.retry_at))::talkme.reason;
    elsif o.error_code not in ('outside_window', 'recipient_gap') then
      return next (
        case when o.attempts > 0 then 'attempt_failed' else 'attempt_not_counted' end,
        jsonb_build_object(
          'attempts', o.attempts, 'error_code', o.error_code, 'error', talkme.hide_numbers(o.error), 'until', o.retry_at
        )
      )::talkme.reason;
    end if;
  end if;

  -- What a claim has put off, and what it would put off now.
  select coalesce(c.open_minutes, a.open_minutes), nullif(coalesce(c.recipient_gap, a.recipient_gap), interval '0')
  into open_minutes, gap
  from (select) as one
  left join talkme.campaign as c on c.account = o.account and c.id_campanha = o.id_campanha
  left join talkme.account as a on a.account = o.account;
  opens_at := greatest(
    case when o.error_code = 'outside_window' and o.retry_at < held_until then o.retry_at end,
    case when open_minutes is not null then talkme.opens_at(open_minutes, o.recipient, now()) end
  );
  if opens_at > now() then
    return next ('window_closed', jsonb_build_object('until', opens_at))::talkme.reason;
  end if;
  if o.error_code = 'recipient_gap' and o.retry_at < held_until then
    gap_until := o.retry_at;
  elsif gap is not null then
    select max(r.claimed_at) + gap into gap_until
    from talkme.outbox as r
    where r.recipient = o.recipient and r.id <> o.id and r.status in ('sending', 'sent', 'unknown') and r.claimed_at > now() - gap;
  end if;
  if gap_until > now() then
    return next ('recipient_gap', jsonb_build_object('until', gap_until))::talkme.reason;
  end if;
end
$$;

comment on function talkme.reasons_of_time(talkme.outbox) is
  'Why it is not the time for a waiting row: held, not due, between two attempts, outside its window, within the gap';

revoke execute on function talkme.reasons_of_time(talkme.outbox) from public;


-- ---- people/reasons-of-stops.sql b2bcf4b871c0 ----

create or replace function talkme.reasons_of_stops(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select 'history_changed', h.change from talkme.history_change() as h (change) where h.change is not null;

  return query
  select 'paused', jsonb_build_object(
    'scope', p.scope, 'what', split_part(p.scope, ':', 1), 'name', nullif(split_part(p.scope, ':', 2), ''),
    'by', p.paused_by, 'since', p.paused_at, 'reason', talkme.hide_numbers(p.reason)
  )
  from talkme.paused as p
  where p.scope = any (talkme.scopes_of(o.account, o.id_campanha::text, o.id_wpp::text) || ('batch:' || o.batch_id))
  order by p.scope;

  return query
  select 'campaign_inactive', jsonb_build_object('id_campanha', c.id_campanha, 'name', c.name)
  from talkme.campaign as c
  where c.account = o.account and c.id_campanha = o.id_campanha and not c.active;

  return query
  select
    case when c.half_open_at > now() then 'circuit_open' else 'circuit_half_open' end,
    jsonb_build_object(
      'account', c.account, 'instance', case when c.credential <> '' then c.reported_by end, 'since', c.opened_at,
      'kind', c.kind, 'until', case when c.half_open_at > now() then c.half_open_at end
    )
  from talkme.circuit as c
  where c.account = o.account and c.kind is not null
    and (c.credential = '' or c.reported_by in (select i.name from talkme.instance as i));

  return query
  select
    case when l.not_founds > 0 then 'lane_not_found' else 'lane_not_understood' end,
    jsonb_build_object(
      'not_founds', l.not_founds, 'until', l.quiet_until, 'scope', coalesce('campaign:' || o.id_campanha, 'channel:' || o.id_wpp)
    )
  from talkme.lane as l
  where l.lane = o.lane and l.quiet_until > now();

  return query
  select case
    when alive.instances = 0 then 'no_instance'
    when alive.can_claim = 0 and alive.standbys > 0 then 'no_standby'
    else 'local_claims_refused'
  end, '{}'::jsonb
  from (
    select
      count(*) as instances, count(*) filter (where i.durability = 'standby') as standbys,
      count(*) filter (
        where talkme.can_claim(i.durability) and (i.durability = 'standby' or h.claim_durability is distinct from 'standby')
      ) as can_claim
    from talkme.instance as i
    left join talkme.history as h on h.singleton
    where i.heartbeat_at >= now() - i.lease_seconds * interval '1 second'
  ) as alive
  where alive.can_claim = 0;

  -- An instance of an earlier version does not say which accounts it has.
  return query
  select 'account_unserved', jsonb_build_object('account', o.account)
  from talkme.instance as i
  where i.heartbeat_at >= now() - i.lease_seconds * interval '1 second'
  having bool_and(coalesce(o.account <> all (i.accounts), false));
end
$$;

comment on function talkme.reasons_of_stops(talkme.outbox) is
  'The pauses, open circuits and so on that keep the rows of an account, campaign or channel waiting';

revoke execute on function talkme.reasons_of_stops(talkme.outbox) from public;


-- ---- people/reasons-of-turn.sql 8115645f648f ----

create or replace function talkme.reasons_of_turn(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Counting further would take longer than the answer is worth.
  countable constant integer := 10000;
  ahead     bigint;
begin
  return query
  select 'rate_used_up', jsonb_build_object('of', split_part(p.scope, ':', 1), 'name', split_part(p.scope, ':', 2), 'until', p.next_at)
  from talkme.pace as p
  where p.scope in ('account:' || o.account, 'campaign:' || o.id_campanha, 'channel:' || o.id_wpp)
    and p.next_at > now()
  order by p.scope;

  -- Two ranges of the index: rows of a smaller priority, and rows that have been due for longer.
  select least(count(*), countable) into ahead
  from (
    (
      select from talkme.outbox as r
      where r.status = 'pending' and r.lane = o.lane and r.priority < o.priority and r.due_at < now()
      limit countable
    )
    union all
    (
      select from talkme.outbox as r
      where r.status = 'pending' and r.lane = o.lane and r.priority = o.priority and (r.due_at, r.id) < (o.due_at, o.id)
      limit countable
    )
  ) as earlier;
  return next (
    case when ahead = 0 then 'next' when ahead < countable then 'queue' else 'long_queue' end, jsonb_build_object('ahead', ahead)
  )::talkme.reason;
end
$$;

comment on function talkme.reasons_of_turn(talkme.outbox) is 'The rate and the rows that a due row waits for';

revoke execute on function talkme.reasons_of_turn(talkme.outbox) from public;


-- ---- people/sent-per-second.sql 42e097a020d8 ----

-- Reads no more than the last 2,000 rows that ended, whatever the rate.
create or replace function talkme.sent_per_second(lane text) returns double precision
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select nullif(count(*) filter (where r.lane = sent_per_second.lane and r.status = 'sent'), 0)
    / greatest(case when count(*) = 2000 then extract(epoch from now() - min(r.finished_at)) else 60 end, 1)::double precision
  from (
    select o.lane, o.status, o.finished_at
    from talkme.outbox as o
    where o.finished_at > now() - interval '1 minute'
    order by o.finished_at desc
    limit 2000
  ) as r;
end;

comment on function talkme.sent_per_second(text) is 'How fast a lane was sent in the last minute; null if nothing of it was';

revoke execute on function talkme.sent_per_second(text) from public;


-- ---- people/forecast.sql d1565ba6046a ----

-- Assumes what cannot be known: that a row that tries a circuit is accepted, and that the others before it take as long as those of
-- the last minute did.
create or replace function talkme.forecast(o talkme.outbox, obstacles talkme.reason[]) returns talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  codes        constant text[] := array(select f.code from unnest(obstacles) as f);
  -- Nothing but a person, or a syncd that is started or configured, ends these.
  stays        constant boolean := codes && array[
    'held_burst', 'held_duplicate', 'held', 'held_by_person', 'paused', 'campaign_inactive', 'history_changed', 'no_instance', 'no_standby',
    'local_claims_refused', 'account_unserved'
  ];
  ahead        constant bigint := (select max((f.parameters ->> 'ahead')::bigint) from unnest(obstacles) as f);
  open_minutes int4multirange;
  per_second   double precision;
  at           timestamptz := greatest(now(), (select max((f.parameters ->> 'until')::timestamptz) from unnest(obstacles) as f));
begin
  if codes && array['suppressed', 'expiry_passed', 'claim_unsettled', 'due_long'] then
    return null;
  elsif stays and o.expires_at > now() and isfinite(o.expires_at) and not codes && array['no_instance'] then
    return ('expires_first', jsonb_build_object('at', o.expires_at, 'becomes', 'expired'))::talkme.reason;
  elsif stays then
    return ('stays', '{}'::jsonb)::talkme.reason;
  end if;

  select coalesce(c.open_minutes, a.open_minutes), c.rate_per_second into open_minutes, per_second
  from (select) as one
  left join talkme.campaign as c on c.account = o.account and c.id_campanha = o.id_campanha
  left join talkme.account as a on a.account = o.account;
  if open_minutes is not null then
    at := talkme.opens_at(open_minutes, o.recipient, at);
  end if;
  if ahead > 0 then
    per_second := coalesce(talkme.sent_per_second(o.lane), per_second);
    at := greatest(at, talkme.expected_end(open_minutes, ahead / per_second, now()));
  end if;

  return case
    when o.expires_at <= at then ('expires_first', jsonb_build_object('at', o.expires_at, 'becomes', 'expired'))::talkme.reason
    when codes && array['circuit_open', 'circuit_half_open', 'lane_not_found', 'lane_not_understood', 'long_queue']
      or ahead > 0 and per_second is null
      then case when at > now() then ('goes_not_before', jsonb_build_object('at', at, 'becomes', 'sent'))::talkme.reason end
    when at < now() + interval '5 seconds' then ('goes_now', jsonb_build_object('at', at, 'becomes', 'sent'))::talkme.reason
    else ('goes_at', jsonb_build_object('at', at, 'becomes', 'sent'))::talkme.reason
  end;
end
$$;

comment on function talkme.forecast(talkme.outbox, talkme.reason[]) is
  'When a waiting row goes if nothing changes, given all that it waits for; null where nobody can know, or a reason says what it becomes instead';

revoke execute on function talkme.forecast(talkme.outbox, talkme.reason[]) from public;


-- ---- people/reasons-of-pending.sql 9fba5b31af76 ----

create or replace function talkme.reasons_of_pending(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  obstacles    talkme.reason[];
  turn     talkme.reason[];
  forecast talkme.reason;
begin
  obstacles := array(
    select ('suppressed', jsonb_build_object(
      'by', s.suppressed_by, 'since', s.suppressed_at, 'reason', talkme.hide_numbers(s.reason), 'becomes', 'cancelled'
    ))::talkme.reason
    from talkme.suppression as s
    where s.recipient in (o.recipient, talkme.address_key(o.email_dest))
  );
  if o.expires_at <= now() then
    obstacles := obstacles || ('expiry_passed', jsonb_build_object('expires_at', o.expires_at, 'becomes', 'expired'))::talkme.reason;
  end if;
  if o.claim is not null then
    obstacles := obstacles || ('claim_unsettled', jsonb_build_object('becomes', 'unknown'))::talkme.reason;
  end if;
  obstacles := obstacles || array(select t from talkme.reasons_of_time(o) as t) || array(select s from talkme.reasons_of_stops(o) as s);

  -- A row that nothing else keeps is the next one, if none stands before it.
  if o.due_at <= now() then
    turn := array(select t from talkme.reasons_of_turn(o) as t);
    obstacles := obstacles || case
      when obstacles = '{}' then turn else array(select t from unnest(turn) as t where t.code <> 'next')
    end;
    if turn[cardinality(turn)].code = 'next' and cardinality(obstacles) = 1 and obstacles[1].code = 'next'
      and o.due_at < now() - interval '1 minute' then
      obstacles := obstacles || ('due_long', jsonb_build_object('since', o.due_at, 'account', o.account))::talkme.reason;
    end if;
  end if;

  forecast := talkme.forecast(o, obstacles);
  return query select f.* from unnest(obstacles) as f;
  if forecast.code is not null then
    return next forecast;
  end if;
end
$$;

comment on function talkme.reasons_of_pending(talkme.outbox) is 'Everything that a pending row waits for, and when it goes if nothing changes';

revoke execute on function talkme.reasons_of_pending(talkme.outbox) from public;


-- ---- people/reasons-of-sending.sql b0a94f84f75b ----

create or replace function talkme.reasons_of_sending(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  holder  talkme.instance;
  change  constant jsonb := talkme.history_change();
begin
  select * into holder from talkme.instance as i where i.name = o.claimed_by;
  return next ('on_wire', jsonb_build_object('instance', o.claimed_by, 'since', o.claimed_at))::talkme.reason;
  if holder.name is null and change is not null then
    return next ('instance_gone_before_change', jsonb_build_object('instance', o.claimed_by))::talkme.reason;
    return next ('history_changed', change)::talkme.reason;
  elsif holder.name is null then
    return next ('instance_gone', jsonb_build_object('instance', o.claimed_by))::talkme.reason;
  elsif holder.heartbeat_at < now() - holder.lease_seconds * interval '1 second' then
    return next ('instance_silent', jsonb_build_object(
      'instance', o.claimed_by, 'since', holder.heartbeat_at, 'lease_seconds', holder.lease_seconds
    ))::talkme.reason;
  else
    return next ('answer_awaited', jsonb_build_object(
      'until', case when holder.request_seconds > 0 then o.claimed_at + holder.request_seconds * interval '1 second' end
    ))::talkme.reason;
  end if;
end
$$;

comment on function talkme.reasons_of_sending(talkme.outbox) is 'Who has a row on the wire, and whether that instance is alive';

revoke execute on function talkme.reasons_of_sending(talkme.outbox) from public;


-- ---- people/reasons-of-end.sql d09c60e0a969 ----

create or replace function talkme.reasons_of_end(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  failure     constant jsonb := jsonb_build_object('error_code', o.error_code, 'error', talkme.hide_numbers(o.error));
  by_whom     jsonb := jsonb_build_object('at', o.finished_at);
  suppression talkme.suppression;
begin
  select by_whom || jsonb_build_object('by', e.by, 'reason', e.reason) into by_whom from talkme.ended_by(o) as e;
  case
    when o.status = 'sent' and by_whom ->> 'by' is not null then
      return next ('declared_sent', by_whom)::talkme.reason;
    when o.status = 'sent' then
      return next ('sent', jsonb_build_object('at', o.finished_at, 'reference', o.reference))::talkme.reason;
    when o.status = 'unknown' then
      return next ('may_have_been_sent', failure || jsonb_build_object('attempts', o.attempts, 'since', o.claimed_at))::talkme.reason;
    when o.status = 'failed' and by_whom ->> 'by' is not null then
      return next ('declared_failed', failure || by_whom)::talkme.reason;
    when o.status = 'failed' then
      return next ('failed', failure || jsonb_build_object('at', o.finished_at, 'attempts', o.attempts))::talkme.reason;
    when o.status = 'expired' then
      return next ('expired', jsonb_build_object('at', o.finished_at, 'expires_at', o.expires_at))::talkme.reason;
    when o.error_code = 'suppressed' then
      select * into suppression
      from talkme.suppression as s
      where s.recipient in (o.recipient, talkme.address_key(o.email_dest))
      limit 1;
      return next (
        case when found then 'cancelled_suppressed' else 'cancelled_unsuppressed' end,
        jsonb_build_object(
          'at', o.finished_at, 'by', suppression.suppressed_by, 'since', suppression.suppressed_at,
          'reason', talkme.hide_numbers(suppression.reason)
        )
      )::talkme.reason;
    when o.error_code = 'forgotten' then
      return next ('cancelled_forgotten', jsonb_build_object('at', o.finished_at))::talkme.reason;
    else
      return next ('cancelled', by_whom)::talkme.reason;
  end case;
  if o.blanked_at is not null then
    return next ('blanked', jsonb_build_object('at', o.blanked_at))::talkme.reason;
  end if;
end
$$;

comment on function talkme.reasons_of_end(talkme.outbox) is 'How a row that does not wait any more ended, or why nobody knows';

revoke execute on function talkme.reasons_of_end(talkme.outbox) from public;


-- ---- people/reasons-of.sql 1186c8973ef5 ----

create or replace function talkme.reasons_of(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  case o.status
    when 'pending' then return query select r.* from talkme.reasons_of_pending(o) as r;
    when 'sending' then return query select r.* from talkme.reasons_of_sending(o) as r;
    else return query select r.* from talkme.reasons_of_end(o) as r;
  end case;
end
$$;

comment on function talkme.reasons_of(talkme.outbox) is 'Why a row has not been sent, or what became of it';

revoke execute on function talkme.reasons_of(talkme.outbox) from public;


-- ---- people/reasons.sql 9d38a0d3718e ----

create or replace function talkme.reasons(id bigint) returns table (code text, parameters jsonb)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o constant talkme.outbox := talkme.find_row(id, '{talkme_operator,talkme_viewer,talkme_daemon,talkme_marketing}');
begin
  if o.id is not null then
    return query select r.code, jsonb_strip_nulls(r.parameters) from talkme.reasons_of(o) as r;
  end if;
end
$$;

comment on function talkme.reasons(bigint) is
  'Everything that a row waits for and when it goes if nothing changes, or what became of it: as codes with parameters, without the recipient. Empty if there is no such row or you may not see it';

revoke execute on function talkme.reasons(bigint) from public;
grant execute on function talkme.reasons(bigint) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- people/explain.sql ac76f04ce051 ----

create or replace function talkme.explain(id bigint, language text default null) returns text
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o         constant talkme.outbox := talkme.find_row(id, '{talkme_operator,talkme_viewer,talkme_daemon,talkme_marketing}');
  wanted    constant text := talkme.language(language);
  about     jsonb := jsonb_build_object('id', coalesce(id::text, 'null'));
  reason    talkme.reason;
  error     text;
  sentences text[] := '{}';
begin
  if o.id is null then
    return talkme.say('reason.no_row', about, wanted);
  elsif o.status = 'pending' then
    sentences := array[talkme.say('reason.pending', about, wanted)];
  end if;
  for reason in select r.* from talkme.reasons_of(o) as r loop
    -- Whoever writes the status by hand may give a sentence without a code.
    error := rtrim(talkme.say_error(reason.parameters ->> 'error_code', reason.parameters ->> 'error', wanted), '.');
    sentences := sentences || case reason.code
      when 'history_changed' then talkme.history_notice(wanted)
      else talkme.say('reason.' || reason.code, reason.parameters || about || jsonb_build_object(
        'sentence', error, 'why', nullif(concat_ws(': ', reason.parameters ->> 'error_code', error), '')
      ), wanted)
    end;
  end loop;
  return array_to_string(sentences, ' ');
end
$$;

comment on function talkme.explain(bigint, text) is
  'Why a row has not been sent, or what became of it, and what to do: in sentences, without the recipient; the second argument is en or pt-BR, by default what talkme.language says';

revoke execute on function talkme.explain(bigint, text) from public;
grant execute on function talkme.explain(bigint, text) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- people/history.sql 79fded64030a ----

create or replace function talkme.history(id bigint) returns table (at timestamptz, event text, detail text, by text)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o   constant talkme.outbox := talkme.find_row(id, '{talkme_operator,talkme_viewer,talkme_daemon,talkme_marketing}');
  why constant text := o.error_code || coalesce(': ' || talkme.hide_numbers(o.error), '');
begin
  return query
  select h.at, h.event, h.detail, h.by
  from (
    select 1, o.created_at, 'inserted', format('for %s', o.lane), o.created_by::text
    where o.id is not null
    union all
    -- Partitions of earlier months hold none of its attempts.
    select
      2, t.started_at, 'attempt ' || t.attempt || ' ' || t.outcome,
      concat_ws(
        ', ', t.action || ' took ' || t.duration_ms || ' ms', 'HTTP ' || t.http_status, 'reference ' || t.reference,
        t.error_code || coalesce(': ' || talkme.hide_numbers(t.error), '')
      ),
      t.instance
    from talkme.attempt as t
    where t.outbox_id = o.id and t.started_at >= o.created_at
    union all
    select 3, a.at, a.action, 
      concat_ws(', ', talkme.hide_numbers(a.reason), nullif(a.about - 'id', '{}')::text, case when a.rows > 1 then a.rows || ' rows' end), a.who
    from talkme.actions_on(o.id) as a
    union all
    select 4, o.claimed_at, o.status, case o.status when 'sending' then 'claim ' || o.fence else why end, o.claimed_by
    where o.status in ('sending', 'unknown')
    union all
    select 4, o.finished_at, o.status, case o.status when 'sent' then 'reference ' || o.reference else why end, null
    where o.finished_at is not null
    union all
    select 4, o.due_at, 'is due', why, null
    where o.status = 'pending' and o.due_at < talkme.held_until()
    union all
    select 5, o.blanked_at, 'personal data removed', null, null
    where o.blanked_at is not null
  ) as h (step, at, event, detail, by)
  order by h.at, h.step;
end
$$;

comment on function talkme.history(bigint) is
  'The life of a row: its insert, each attempt, what people did with it, and its end; empty if there is no such row or you may not see it';

revoke execute on function talkme.history(bigint) from public;
grant execute on function talkme.history(bigint) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- people/count-rows.sql e811fc70abdc ----

-- Most rows are sent, and the indexes for people hold none of those. A table below 100 MB is counted whole; for a larger one the
-- planner's statistics estimate the rows of each lane, less those that are not sent.
create or replace function talkme.count_rows() returns table (
  account text, id_campanha bigint, id_wpp bigint,
  pending bigint, due bigint, held bigint, oldest_due_at timestamptz, latest_due_at timestamptz,
  paused boolean, opens_at timestamptz, sending bigint,
  unknown bigint, failed bigint, expired bigint, cancelled bigint, sent bigint, sent_is_estimate boolean
)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  small     constant boolean := pg_relation_size('talkme.outbox') < 100 * 1024 * 1024;
  every_row constant boolean := talkme.sees_every_row();
  all_rows  constant double precision := (select c.reltuples from pg_class as c where c.oid = 'talkme.outbox'::regclass);
begin
  return query
  with waiting as (
    select
      o.lane, count(*) as pending, count(*) filter (where o.due_at < now()) as due,
      count(*) filter (where o.due_at = talkme.held_until()) as held, min(o.due_at) as oldest_due_at,
      max(o.due_at) filter (where o.due_at < talkme.held_until()) as latest_due_at
    from talkme.outbox as o
    where o.status = 'pending'
    group by o.lane
  ),
  flying as (
    select o.lane, count(*) as sending from talkme.outbox as o where o.status = 'sending' group by o.lane
  ),
  ended as (
    select
      o.lane,
      count(*) filter (where o.status = 'unknown') as unknown, count(*) filter (where o.status = 'failed') as failed,
      count(*) filter (where o.status = 'expired') as expired, count(*) filter (where o.status = 'cancelled') as cancelled
    from talkme.outbox as o
    where o.status in ('failed', 'unknown', 'expired', 'cancelled')
    group by o.lane
  ),
  counted as (
    select o.lane, count(*) as sent from talkme.outbox as o where small and o.status = 'sent' group by o.lane
  ),
  estimated as (
    select l.lane collate "C" as lane, l.share * all_rows as rows
    from pg_stats as s
    cross join lateral unnest(s.most_common_vals::text::text[], s.most_common_freqs) as l (lane, share)
    where not small and s.schemaname = 'talkme' and s.tablename = 'outbox' and s.attname = 'lane'
  ),
  -- What holds for all waiting rows of a lane. Each window is computed once: they are few, and their arithmetic is not cheap.
  rule as materialized (
    select
      w.lane, talkme.is_paused(l.account, l.id_campanha, l.id_wpp) as paused,
      coalesce(c.open_minutes, a.open_minutes) as open_minutes
    from waiting as w
    cross join lateral (
      select p.account, p.campaign::bigint as id_campanha, p.channel::bigint as id_wpp from talkme.lane_parts(w.lane) as p
    ) as l
    left join talkme.account as a on a.account = l.account
    left join talkme.campaign as c on c.account = l.account and c.id_campanha = l.id_campanha
  ),
  opening as materialized (
    select u.open_minutes, talkme.first_opening(u.open_minutes, now()) as at
    from (select distinct r.open_minutes from rule as r where r.open_minutes is not null) as u
  ),
  stopped as (
    select r.lane, r.paused, case when s.at > now() then s.at end as opens_at
    from rule as r
    left join opening as s on s.open_minutes = r.open_minutes
  ),
  merged as (
    select
      lane,
      coalesce(w.pending, 0) as pending, coalesce(w.due, 0) as due, coalesce(w.held, 0) as held,
      case when w.due > 0 then w.oldest_due_at end as oldest_due_at, w.latest_due_at, coalesce(t.paused, false) as paused, t.opens_at,
      coalesce(f.sending, 0) as sending,
      coalesce(e.unknown, 0) as unknown, coalesce(e.failed, 0) as failed, coalesce(e.expired, 0) as expired,
      coalesce(e.cancelled, 0) as cancelled, c.sent, s.rows as estimate,
      coalesce(w.pending, 0) + coalesce(f.sending, 0) + coalesce(e.unknown + e.failed + e.expired + e.cancelled, 0) as others
    from waiting as w
    left join stopped as t using (lane)
    full join flying as f using (lane)
    full join ended as e using (lane)
    full join counted as c using (lane)
    full join estimated as s using (lane)
  )
  select
    p.account, p.campaign::bigint, p.channel::bigint,
    m.pending, m.due, m.held, m.oldest_due_at, m.latest_due_at, m.paused, m.opens_at, m.sending, m.unknown, m.failed, m.expired, m.cancelled,
    case when small then coalesce(m.sent, 0) else greatest(0, round(m.estimate - m.others))::bigint end, not small
  from merged as m
  cross join talkme.lane_parts(m.lane) as p
  where every_row or talkme.may_use_campaign(p.campaign::bigint)
  union all
  -- The rest, which the statistics do not break down by lane.
  select null, null, null, 0, 0, 0, null, null, false, null, 0, 0, 0, 0, 0, rest.sent, true
  from (
    select round(all_rows - coalesce(sum(m.estimate), 0) - coalesce(sum(m.others) filter (where m.estimate is null), 0))::bigint as sent
    from merged as m
  ) as rest
  where not small and rest.sent > 0 and every_row
  order by 1, 2, 3;
end
$$;

comment on function talkme.count_rows() is 'What talkme.stats shows; counts everything but sent rows exactly, without reading them';

revoke execute on function talkme.count_rows() from public;
grant execute on function talkme.count_rows() to talkme_operator, talkme_viewer, talkme_marketing;


-- ---- people/stats.sql c244c9ade6dd ----

create or replace view talkme.stats as select * from talkme.count_rows();

comment on view talkme.stats is 'Rows by status, for each account, campaign and channel';
comment on column talkme.stats.account is 'Account; null for the sent rows of campaigns and channels that are too small for the planner''s statistics';
comment on column talkme.stats.id_campanha is 'Campaign; null if its rows name none';
comment on column talkme.stats.id_wpp is 'Channel; null if its rows name none';
comment on column talkme.stats.pending is 'Rows that wait';
comment on column talkme.stats.due is 'Those of them that are due';
comment on column talkme.stats.held is 'Those of them that are held until talkme.resume or talkme.cancel';
comment on column talkme.stats.oldest_due_at is 'When the oldest due row became due';
comment on column talkme.stats.latest_due_at is 'When the last of the rows that wait becomes due; held ones left out';
comment on column talkme.stats.paused is 'Whether a pause or an inactive campaign stops the rows that wait';
comment on column talkme.stats.opens_at is 'When their sending window next opens anywhere in the country; null if it is open somewhere, or there is none';
comment on column talkme.stats.sending is 'Rows on the wire';
comment on column talkme.stats.unknown is 'Rows that may have been sent: a person has to decide';
comment on column talkme.stats.failed is 'Rows that failed';
comment on column talkme.stats.expired is 'Rows whose expires_at passed';
comment on column talkme.stats.cancelled is 'Rows that were cancelled';
comment on column talkme.stats.sent is 'Rows that were sent; an estimate in a table above 100 MB, null if there is no estimate';
comment on column talkme.stats.sent_is_estimate is 'Whether sent is estimated from the statistics of the last analyze';

grant select on talkme.stats to talkme_operator, talkme_viewer, talkme_marketing;


-- ---- policy/expected-end.sql 71663f3a0f82 ----

create or replace function talkme.expected_end(open_minutes int4multirange, seconds double precision, at timestamptz)
returns timestamptz
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  zone    constant text := 'America/Sao_Paulo';
  left_s  double precision := seconds;
  today   constant date := (at at time zone zone)::date;
  minute  constant integer := extract(hour from at at time zone zone) * 60 + extract(minute from at at time zone zone);
  monday  integer;
  part    int4range;
begin
  if open_minutes is null then
    return case when seconds < 1e9 then at + seconds * interval '1 second' end;
  end if;
  -- Further than a year nobody can plan.
  for i in 0..366 loop
    continue when exists (select from talkme.holiday as h where h.day = today + i and h.state = '*');
    monday := (extract(isodow from today + i) - 1) * 1440;
    for part in select unnest(open_minutes * int4multirange(int4range(monday + case when i = 0 then minute else 0 end, monday + 1440))) loop
      if left_s <= (upper(part) - lower(part)) * 60 then
        return (today + i + make_interval(mins => lower(part) - monday)) at time zone zone + left_s * interval '1 second';
      end if;
      left_s := left_s - (upper(part) - lower(part)) * 60;
    end loop;
  end loop;
  return null;
end
$$;

comment on function talkme.expected_end(int4multirange, double precision, timestamptz) is
  'When work of so many seconds ends that goes on only within a sending window, by the clock of São Paulo; null if not within a year';

revoke execute on function talkme.expected_end(int4multirange, double precision, timestamp with time zone) from public;


-- ---- people/count-campaigns.sql 108d5ed51140 ----

-- As cheap as talkme.count_rows: the rate needs the rows of the last minute besides, which outbox_finished finds.
create or replace function talkme.count_campaigns() returns table (
  account text, id_campanha bigint, name text, registered boolean, active boolean,
  pending bigint, due bigint, held bigint, oldest_due_at timestamptz, sending bigint, sent bigint, sent_is_estimate boolean,
  unknown bigint, failed bigint, expired bigint, cancelled bigint, paused boolean, opens_at timestamptz,
  rate_per_second numeric, expected_end timestamptz
)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  with counted as materialized (
    select
      r.account, r.id_campanha, sum(r.pending) as pending, sum(r.due) as due, sum(r.held) as held,
      min(r.oldest_due_at) as oldest_due_at, max(r.latest_due_at) as latest_due_at, sum(r.sending) as sending, sum(r.sent) as sent,
      bool_or(r.sent_is_estimate) as sent_is_estimate, sum(r.unknown) as unknown, sum(r.failed) as failed,
      sum(r.expired) as expired, sum(r.cancelled) as cancelled, bool_and(r.paused) filter (where r.pending > 0) as paused,
      max(r.opens_at) as opens_at
    from talkme.count_rows() as r
    -- Sent rows of lanes that the statistics do not know are nobody's.
    where r.account is not null
    group by r.account, r.id_campanha
  ),
  -- What began within the minute is not divided by the whole of it, unless it is too little to know.
  lately as materialized (
    select
      o.account, o.id_campanha,
      count(*) / case when count(*) < 20 then 60 else greatest(extract(epoch from now() - min(o.finished_at)), 10) end as rate
    from talkme.outbox as o
    where o.finished_at > now() - interval '1 minute' and o.status = 'sent'
    group by o.account, o.id_campanha
  ),
  known as (
    select c.account, c.id_campanha from talkme.campaign as c
    union
    select r.account, r.id_campanha from counted as r
  )
  select
    k.account, k.id_campanha, c.name, c.account is not null, coalesce(c.active, true),
    coalesce(r.pending, 0)::bigint, coalesce(r.due, 0)::bigint, coalesce(r.held, 0)::bigint, r.oldest_due_at,
    coalesce(r.sending, 0)::bigint, coalesce(r.sent, 0)::bigint, coalesce(r.sent_is_estimate, false),
    coalesce(r.unknown, 0)::bigint, coalesce(r.failed, 0)::bigint, coalesce(r.expired, 0)::bigint, coalesce(r.cancelled, 0)::bigint,
    coalesce(r.paused, false), r.opens_at, round(coalesce(l.rate, 0), 2),
    case when r.pending > r.held and not coalesce(r.paused, false) and p.pace > 0 then
      greatest(r.latest_due_at, talkme.expected_end(
        coalesce(c.open_minutes, a.open_minutes), ((r.pending - r.held) / p.pace)::double precision, now()
      ))
    end
  from known as k
  left join talkme.campaign as c on c.account = k.account and c.id_campanha = k.id_campanha
  left join talkme.account as a on a.account = k.account
  left join counted as r on r.account = k.account and r.id_campanha is not distinct from k.id_campanha
  left join lately as l on l.account = k.account and l.id_campanha is not distinct from k.id_campanha
  cross join lateral (select coalesce(nullif(round(l.rate, 2), 0), c.rate_per_second) as pace) as p
  order by k.account, k.id_campanha;
end;

comment on function talkme.count_campaigns() is 'What talkme.campaigns shows';

revoke execute on function talkme.count_campaigns() from public;
grant execute on function talkme.count_campaigns() to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- people/campaigns.sql 10bcf8fddbb9 ----

create or replace view talkme.campaigns as select * from talkme.count_campaigns();

comment on view talkme.campaigns is 'How far each campaign is, registered in talkme.campaign or not; counts as talkme.stats does';
comment on column talkme.campaigns.account is 'As in talkme.outbox';
comment on column talkme.campaigns.id_campanha is 'As in talkme.outbox; null for the rows of an account that name a channel alone';
comment on column talkme.campaigns.name is 'As in talkme.campaign; null where it is not registered';
comment on column talkme.campaigns.registered is 'Whether talkme.campaign has it';
comment on column talkme.campaigns.active is 'As in talkme.campaign: while false, its rows wait';
comment on column talkme.campaigns.pending is 'Rows that wait';
comment on column talkme.campaigns.due is 'Those of them that are due; the rest are scheduled or held';
comment on column talkme.campaigns.held is 'Those of them that wait for talkme.resume or talkme.cancel';
comment on column talkme.campaigns.oldest_due_at is 'When the oldest due row became due';
comment on column talkme.campaigns.sending is 'Rows on the wire';
comment on column talkme.campaigns.sent is 'Rows that were sent; an estimate in a table above 100 MB';
comment on column talkme.campaigns.sent_is_estimate is 'Whether sent is estimated from the statistics of the last analyze';
comment on column talkme.campaigns.unknown is 'Rows that may have been sent: a person has to decide';
comment on column talkme.campaigns.failed is 'Rows that failed';
comment on column talkme.campaigns.expired is 'Rows whose expires_at passed';
comment on column talkme.campaigns.cancelled is 'Rows that were cancelled';
comment on column talkme.campaigns.paused is 'Whether a pause or an inactive campaign stops all of its rows that wait';
comment on column talkme.campaigns.opens_at is 'When its sending window next opens anywhere in the country; null if it is open somewhere, or there is none';
comment on column talkme.campaigns.rate_per_second is 'Messages a second that were sent in the last minute';
comment on column talkme.campaigns.expected_end is 'When the last waiting row goes if nothing changes: by that rate, or else by the campaign''s, and by the sending window; null if nothing waits, it is paused, or neither rate is known';

grant select on talkme.campaigns to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- people/count-batch.sql 305e30a1c7aa ----

-- Counts through outbox_batch alone, which has status and time: 200,000 rows in some 50 ms once they are vacuumed.
create or replace function talkme.count_batch(batch_id bigint) returns table (
  rows bigint, pending bigint, due bigint, held bigint, sending bigint, sent bigint, unknown bigint, failed bigint, expired bigint,
  cancelled bigint, paused boolean, rate_per_second numeric, expected_end timestamptz
)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  held_at constant timestamptz := talkme.held_until();
  minute  constant interval := interval '1 minute';
  latest  timestamptz;
  first   record;
  since   timestamptz;
  pace    double precision;
begin
  if not (talkme.caller_is('{talkme_viewer,talkme_daemon}') or talkme.may_use_batch(batch_id)) then
    return;
  end if;
  select
    coalesce(sum(c.rows), 0),
    coalesce(sum(c.rows) filter (where c.status = 'pending'), 0), coalesce(sum(c.due) filter (where c.status = 'pending'), 0),
    coalesce(sum(c.held) filter (where c.status = 'pending'), 0), coalesce(sum(c.rows) filter (where c.status = 'sending'), 0),
    coalesce(sum(c.rows) filter (where c.status = 'sent'), 0), coalesce(sum(c.rows) filter (where c.status = 'unknown'), 0),
    coalesce(sum(c.rows) filter (where c.status = 'failed'), 0), coalesce(sum(c.rows) filter (where c.status = 'expired'), 0),
    coalesce(sum(c.rows) filter (where c.status = 'cancelled'), 0),
    max(c.latest) filter (where c.status = 'pending')
  into rows, pending, due, held, sending, sent, unknown, failed, expired, cancelled, latest
  from (
    select
      o.status, count(*) as rows, count(*) filter (where o.due_at < now()) as due, count(*) filter (where o.due_at = held_at) as held,
      max(o.due_at) filter (where o.due_at < held_at) as latest
    from talkme.outbox as o
    where o.batch_id = count_batch.batch_id
    group by o.status
  ) as c;
  paused := exists (select from talkme.paused as p where p.scope = 'batch:' || count_batch.batch_id);

  -- What was sent within the last minute, or since the batch began if that is less long ago.
  select count(*) as sent, min(o.finished_at) as since into first
  from talkme.outbox as o
  where o.finished_at > now() - minute and o.batch_id = count_batch.batch_id and o.status = 'sent';
  since := greatest(now() - minute, (select b.created_at from talkme.batch as b where b.id = count_batch.batch_id));
  rate_per_second := round((first.sent / greatest(extract(epoch from now() - since), 1))::numeric, 2);

  if pending > held and not paused then
    -- The rules of its first waiting row stand for all: a batch rarely has several campaigns.
    select o.account, o.id_campanha, o.id_wpp into first
    from talkme.outbox as o
    where o.batch_id = count_batch.batch_id and o.status = 'pending' and o.due_at < held_at
    order by o.due_at
    limit 1;
    if not talkme.is_paused(first.account, first.id_campanha, first.id_wpp) then
      pace := coalesce(
        nullif(rate_per_second, 0),
        (select c.rate_per_second from talkme.campaign as c where c.account = first.account and c.id_campanha = first.id_campanha)
      );
      expected_end := greatest(latest, talkme.expected_end(
        coalesce(
          (select c.open_minutes from talkme.campaign as c where c.account = first.account and c.id_campanha = first.id_campanha),
          (select a.open_minutes from talkme.account as a where a.account = first.account)
        ),
        (pending - held) / pace, now()
      ));
      if pace is null then
        expected_end := null;
      end if;
    end if;
  end if;
  return next;
end
$$;

comment on function talkme.count_batch(bigint) is 'What talkme.batches shows of a batch; nothing of one that the caller may not see';

revoke execute on function talkme.count_batch(bigint) from public;
grant execute on function talkme.count_batch(bigint) to talkme_daemon, talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- people/batches.sql ccdd6c4f1488 ----

create or replace view talkme.batches as
select b.id, b.name, b.created_by, b.created_at, b.expected_rows, c.*
from talkme.batch as b
cross join lateral talkme.count_batch(b.id) as c;

comment on view talkme.batches is 'What became of the rows of each batch; a producer sees its own. Name a batch (where id = 42): each is counted anew';
comment on column talkme.batches.id is 'As in talkme.batch';
comment on column talkme.batches.name is 'As in talkme.batch';
comment on column talkme.batches.created_by is 'Who created it';
comment on column talkme.batches.created_at is 'When it was created';
comment on column talkme.batches.expected_rows is 'How many rows it was declared with';
comment on column talkme.batches.rows is 'How many rows it has; those that the retention deleted are gone';
comment on column talkme.batches.pending is 'Rows that wait';
comment on column talkme.batches.due is 'Those of them that are due';
comment on column talkme.batches.held is 'Those of them that wait for talkme.resume: the batch is paused, or they came as an accident';
comment on column talkme.batches.sending is 'Rows on the wire';
comment on column talkme.batches.sent is 'Rows that were sent';
comment on column talkme.batches.unknown is 'Rows that may have been sent: a person has to decide';
comment on column talkme.batches.failed is 'Rows that failed';
comment on column talkme.batches.expired is 'Rows whose expires_at passed';
comment on column talkme.batches.cancelled is 'Rows that were cancelled';
comment on column talkme.batches.paused is 'Whether the batch itself is paused';
comment on column talkme.batches.rate_per_second is 'Messages a second that were sent in the last minute, or since it was created';
comment on column talkme.batches.expected_end is 'When the last waiting row goes if nothing changes: by that rate, or else by the campaign''s, and by the sending window; null if nothing waits, it is paused, or neither rate is known';

grant select on talkme.batches to talkme_daemon, talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- people/failures.sql d92697ad2bd2 ----

-- Runs with the reader's rights: whoever may see only some rows finds only those.
create or replace view talkme.failures with (security_invoker = true) as
with grouped as (
  select
    o.status, o.error_code, count(*) as rows, max(o.id) as last_id,
    min(coalesce(o.finished_at, o.claimed_at)) as first_at, max(coalesce(o.finished_at, o.claimed_at)) as last_at
  from talkme.outbox as o
  where o.status in ('failed', 'unknown', 'expired', 'cancelled')
  group by o.status, o.error_code
)
select g.status, g.error_code, g.rows, g.first_at, g.last_at, g.last_id,
  talkme.say_error(g.error_code, o.error, null) as example
from grouped as g
join talkme.outbox as o on o.id = g.last_id
order by g.rows desc, g.status, g.error_code;

comment on view talkme.failures is 'What was not sent, grouped by the reason, the most frequent first';
comment on column talkme.failures.status is 'failed, unknown, expired or cancelled';
comment on column talkme.failures.error_code is 'Why, as a stable code: see docs/errors.md; null if a person cancelled';
comment on column talkme.failures.rows is 'How many rows';
comment on column talkme.failures.first_at is 'When the first of them ended this way; for an unknown row, when it was claimed';
comment on column talkme.failures.last_at is 'When the last of them ended this way';
comment on column talkme.failures.last_id is 'The last inserted one';
comment on column talkme.failures.example is 'Its error, in a sentence; what the code means, where the reader has another language';

grant select on talkme.failures to talkme_operator, talkme_viewer;


-- ---- marketing/grant-campaign.sql cefa73f23219 ----

create or replace function talkme.grant_campaign(id_campanha bigint, who name) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_roles as r where r.rolname = who) then
    raise exception using
      errcode = 'undefined_object',
      message = talkme.say('grant_campaign.no_role', jsonb_build_object('who', who)),
      hint = talkme.say('grant_campaign.no_role.hint');
  end if;
  insert into talkme.campaign_grant (id_campanha, granted_to) values (id_campanha, who) on conflict do nothing;
  perform talkme.record_audit('grant_campaign', jsonb_build_object('id_campanha', id_campanha, 'who', who), 0, null);
  return talkme.say('said.campaign_granted', jsonb_build_object('who', who, 'id_campanha', id_campanha));
end
$$;

comment on function talkme.grant_campaign(bigint, name) is
  'Lets a member of talkme_marketing watch and pause a campaign, and bring lists for it; talkme.revoke_campaign takes it back';

revoke execute on function talkme.grant_campaign(bigint, name) from public;
grant execute on function talkme.grant_campaign(bigint, name) to talkme_operator;


-- ---- marketing/revoke-campaign.sql 469c88368dff ----

create or replace function talkme.revoke_campaign(id_campanha bigint, who name) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  revoked bigint;
begin
  delete from talkme.campaign_grant as g where g.id_campanha = revoke_campaign.id_campanha and g.granted_to = who;
  get diagnostics revoked = row_count;
  perform talkme.record_audit('revoke_campaign', jsonb_build_object('id_campanha', id_campanha, 'who', who), 0, null);
  return talkme.say(
    case revoked when 0 then 'said.campaign_not_granted' else 'said.campaign_revoked' end,
    jsonb_build_object('who', who, 'id_campanha', id_campanha)
  );
end
$$;

comment on function talkme.revoke_campaign(bigint, name) is 'Takes back talkme.grant_campaign';

revoke execute on function talkme.revoke_campaign(bigint, name) from public;
grant execute on function talkme.revoke_campaign(bigint, name) to talkme_operator;


-- ---- messages/mask-recipient.sql 067d5b157d9a ----

-- Enough to recognise a recipient whom one knows, too little to call one.
create or replace function talkme.mask_recipient(recipient text) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when recipient is null then null
    when recipient ~ '@' then left(recipient, 1) || '***@' || split_part(recipient, '@', -1)
    when length(d.digits) in (10, 11) then format('(%s) %s-%s', left(d.digits, 2), repeat('*', length(d.digits) - 6), right(d.digits, 4))
    when length(d.digits) in (12, 13) and left(d.digits, 2) = '55'
      then format('(%s) %s-%s', substr(d.digits, 3, 2), repeat('*', length(d.digits) - 8), right(d.digits, 4))
    when length(d.digits) >= 10 then repeat('*', length(d.digits) - 4) || right(d.digits, 4)
    else '****'
  end
  from (select regexp_replace(recipient, '[^0-9]', '', 'g')) as d (digits);
end;

comment on function talkme.mask_recipient(text) is 'A number by its DDD and last four digits, an address by its first letter and domain';

revoke execute on function talkme.mask_recipient(text) from public;
-- For talkme.messages, whose functions run as its reader.
grant execute on function talkme.mask_recipient(text) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- messages/granted-campaigns.sql afb9ef22b7c2 ----

create or replace function talkme.granted_campaigns() returns bigint[]
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return array(
    select g.id_campanha
    from talkme.campaign_grant as g join pg_roles as r on r.rolname = g.granted_to
    where pg_has_role(talkme.caller(), r.oid, 'usage')
  );
end
$$;

comment on function talkme.granted_campaigns() is 'The campaigns that were granted to the caller, or to a role that it is a member of';

revoke execute on function talkme.granted_campaigns() from public;
-- For talkme.messages, whose functions run as its reader.
grant execute on function talkme.granted_campaigns() to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- messages/messages.sql 4774ec7a2792 ----

-- Runs with its owner's rights: whoever reads it may not read the table. As a barrier, no function in the reader's conditions sees a
-- row that the reader does not.
create or replace view talkme.messages with (security_barrier = true) as
select
  o.id, o.account, o.id_campanha, o.id_wpp, o.batch_id,
  talkme.mask_recipient(o.numero_dest) as numero_dest, talkme.mask_recipient(o.email_dest) as email_dest,
  o.priority, o.send_at, o.expires_at, o.on_unknown, o.created_at, o.created_by,
  o.status, o.attempts, o.fence, o.due_at, o.retry_at, o.claimed_by, o.claimed_at, o.finished_at,
  o.http_status, o.reference, o.error_code, talkme.hide_numbers(o.error) as error, o.blanked_at
from talkme.outbox as o
where
  -- Each is evaluated once for the whole statement.
  (select talkme.sees_every_row())
  or o.id_campanha = any ((select talkme.granted_campaigns())::bigint[])
  or o.created_by = any (array(select r.rolname from pg_catalog.pg_roles as r where pg_catalog.pg_has_role(r.oid, 'usage')));

comment on view talkme.messages is
  'The outbox for people who need not see whom: recipients are masked, variables and answers left out. talkme.reveal shows one';
comment on column talkme.messages.id is 'As in talkme.outbox';
comment on column talkme.messages.account is 'As in talkme.outbox';
comment on column talkme.messages.id_campanha is 'As in talkme.outbox';
comment on column talkme.messages.id_wpp is 'As in talkme.outbox';
comment on column talkme.messages.batch_id is 'As in talkme.outbox';
comment on column talkme.messages.numero_dest is 'The number by its DDD and last four digits';
comment on column talkme.messages.email_dest is 'The address by its first letter and domain';
comment on column talkme.messages.priority is 'As in talkme.outbox';
comment on column talkme.messages.send_at is 'As in talkme.outbox';
comment on column talkme.messages.expires_at is 'As in talkme.outbox';
comment on column talkme.messages.on_unknown is 'As in talkme.outbox';
comment on column talkme.messages.created_at is 'As in talkme.outbox';
comment on column talkme.messages.created_by is 'As in talkme.outbox';
comment on column talkme.messages.status is 'As in talkme.outbox';
comment on column talkme.messages.attempts is 'As in talkme.outbox';
comment on column talkme.messages.fence is 'As in talkme.outbox';
comment on column talkme.messages.due_at is 'As in talkme.outbox';
comment on column talkme.messages.retry_at is 'As in talkme.outbox';
comment on column talkme.messages.claimed_by is 'As in talkme.outbox';
comment on column talkme.messages.claimed_at is 'As in talkme.outbox';
comment on column talkme.messages.finished_at is 'As in talkme.outbox';
comment on column talkme.messages.http_status is 'As in talkme.outbox';
comment on column talkme.messages.reference is 'As in talkme.outbox';
comment on column talkme.messages.error_code is 'As in talkme.outbox';
comment on column talkme.messages.error is 'As in talkme.outbox, without numbers and addresses';
comment on column talkme.messages.blanked_at is 'As in talkme.outbox';

grant select on talkme.messages to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- messages/find-messages.sql e60636504efe ----

-- Walks back by id, and no further than a number of rows at once: nobody waits for what matches nothing among millions. Whoever reads
-- goes on where it ended. A condition on the view alone would first read all of it.
create or replace function talkme.find_messages(
  status text default null, id_campanha bigint default null, batch_id bigint default null, error_code text default null,
  before bigint default null, most integer default 50, within bigint default 200000,
  out ids bigint[], out searched_to bigint
)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
-- Each combination of conditions gets a plan of its own: one plan for all of them would suit none.
set plan_cache_mode = force_custom_plan
as $$
declare
  everything constant boolean := talkme.sees_every_row();
  granted    constant bigint[] := talkme.granted_campaigns();
  creators   constant name[] := array(select r.rolname from pg_roles as r where pg_has_role(talkme.caller(), r.oid, 'usage'));
  -- An index has these in order, or has few of them.
  indexed    constant boolean := batch_id is not null or coalesce(status in ('failed', 'unknown', 'expired', 'cancelled'), false);
  newest     constant bigint := coalesce(before, (select max(o.id) + 1 from talkme.outbox as o));
  oldest     constant bigint := case when not indexed and newest > within then newest - within end;
begin
  ids := array(
    select o.id
    from talkme.outbox as o
    where o.id < newest and (oldest is null or o.id >= oldest)
      and (find_messages.status is null or o.status = find_messages.status)
      and (not indexed or find_messages.batch_id is not null or o.status in ('failed', 'unknown', 'expired', 'cancelled'))
      and (find_messages.id_campanha is null or o.id_campanha = find_messages.id_campanha)
      and (find_messages.batch_id is null or o.batch_id = find_messages.batch_id)
      and (find_messages.error_code is null or o.error_code = find_messages.error_code)
      and (everything or o.id_campanha = any (granted) or o.created_by = any (creators))
    order by o.id desc
    limit most
  );
  searched_to := case
    when cardinality(ids) = most then ids[most]
    else oldest
  end;
end
$$;

comment on function talkme.find_messages(text, bigint, bigint, text, bigint, integer, bigint) is
  'The latest messages of talkme.messages that match, before one and within a number of rows; and where to go on, null if nowhere';

revoke execute on function talkme.find_messages(text, bigint, bigint, text, bigint, integer, bigint) from public;
grant execute on function talkme.find_messages(text, bigint, bigint, text, bigint, integer, bigint)
to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- messages/export-batch.sql e2c03c8b01d9 ----

-- With whole numbers for an operator, and for whoever may insert rows and brought the list in themselves; masked for everybody else. That
-- numbers left the database is in the audit, once for each export.
create or replace function talkme.export_batch(batch_id bigint, after bigint default 0, most integer default 5000)
returns table (
  id bigint, line integer, recipient text, status text, finished_at timestamptz, reference text, error_code text
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  owner name;
  whole boolean;
begin
  select b.created_by into owner from talkme.batch as b where b.id = export_batch.batch_id;
  if owner is null or not (talkme.sees_every_row() or talkme.caller_is_creator(owner)) then
    perform talkme.refuse_as('batch_exists', jsonb_build_object('id', batch_id), 'P0002');
  end if;
  whole := talkme.caller_is('{talkme_operator}') or talkme.caller_is('{talkme_producer}') and talkme.caller_is_creator(owner);
  if whole and after = 0 then
    perform talkme.record_audit(
      'export_batch', jsonb_build_object('batch', batch_id),
      (select count(*) from talkme.outbox as o where o.batch_id = export_batch.batch_id), null
    );
  end if;
  return query
  select
    o.id, case when o.metadata ->> 'line' ~ '^[0-9]{1,9}$' then (o.metadata ->> 'line')::integer end,
    case
      when whole then coalesce(o.numero_dest, o.email_dest)
      else coalesce(talkme.mask_recipient(o.numero_dest), talkme.mask_recipient(o.email_dest))
    end,
    o.status, o.finished_at, o.reference, o.error_code
  from talkme.outbox as o
  where o.batch_id = export_batch.batch_id and o.id > after
  order by o.id
  limit most;
end
$$;

comment on function talkme.export_batch(bigint, bigint, integer) is
  'A page of what became of the rows of a batch, line by line of its list: with whole numbers for an operator and for a producer whose batch it is, masked for others';

revoke execute on function talkme.export_batch(bigint, bigint, integer) from public;
grant execute on function talkme.export_batch(bigint, bigint, integer)
to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- messages/reveal.sql f5cdeee7c3c5 ----

create or replace function talkme.reveal(id bigint, reason text) returns table (
  numero_dest text, email_dest text, assunto text, txtmsg text, info_contato jsonb, metadata jsonb, response text
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  o constant talkme.outbox := talkme.find_row(reveal.id, '{talkme_operator,talkme_viewer}');
begin
  if coalesce(btrim(reveal.reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('reveal_reason'),
      hint = talkme.say('reveal_reason.hint');
  elsif o.id is null then
    perform talkme.refuse_no_row(reveal.id);
  end if;
  perform talkme.record_action('reveal', jsonb_build_object('id', o.id), array[o.id], reveal.reason);
  return query select o.numero_dest, o.email_dest, o.assunto, o.txtmsg, o.info_contato, o.metadata, o.response;
end
$$;

comment on function talkme.reveal(bigint, text) is
  'Shows the recipient, variables and answer of one row, and writes to talkme.audit who looked, when and why';

revoke execute on function talkme.reveal(bigint, text) from public;
grant execute on function talkme.reveal(bigint, text) to talkme_operator, talkme_viewer;


-- ---- tables/hash-key.sql ad728aff5b33 ----

create table talkme.hash_key (
  singleton     boolean     not null default true,
  key           bytea       not null,

  constraint hash_key_pkey primary key (singleton),
  constraint hash_key_singleton check (singleton)
);

comment on table talkme.hash_key is 'The key of talkme.hash_recipient, made by the migration. Granted to nobody: whoever reads it can try all numbers';
comment on column talkme.hash_key.singleton is 'There is one key';
comment on column talkme.hash_key.key is '32 random bytes';

-- Each UUID has 122 bits of the server's strong random numbers.
insert into talkme.hash_key (key)
select sha256(string_agg(uuid_send(gen_random_uuid()), '')) from generate_series(1, 4);


-- ---- retention/hash-recipient.sql 17b5126b7524 ----

create or replace function talkme.hash_recipient(recipient text) returns text
language sql stable strict
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select '#' || left(encode(sha256(key || convert_to(recipient, 'UTF8')), 'hex'), 32) from talkme.hash_key;
end;

comment on function talkme.hash_recipient(text) is
  'What stands in place of a recipient, or of a dedupe_key, once a row is blanked; only this installation can compute it';

revoke execute on function talkme.hash_recipient(text) from public;
grant execute on function talkme.hash_recipient(text) to talkme_operator;


-- ---- insert/keep-blank.sql 2f20cf12f062 ----

-- A row is blanked by giving it blanked_at. This trigger, not those who write the row, sees to it that the row keeps nothing and
-- takes nothing from then on: an answer may come for a row that was blanked while its message was on the wire.
create or replace function talkme.keep_blank() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform talkme.outbox_refuse(
      'outbox_blanked_at_insert', talkme.say('outbox_blanked_at_insert'), talkme.say('outbox_blanked_at_insert.hint')
    );
  end if;
  if old.blanked_at is null then
    new.recipient_hash := talkme.hash_recipient(old.recipient);
    -- With the row's id in it: the same key may be used again afterwards.
    new.dedupe_key := talkme.hash_recipient(new.id || ':' || old.dedupe_key);
  end if;
  new.numero_dest := null;
  new.email_dest := null;
  new.txtmsg := null;
  new.assunto := null;
  new.info_contato := null;
  new.metadata := null;
  new.reference := null;
  new.response := null;
  -- Nobody could look it up in Talk.me, or send it again.
  if new.status = 'unknown' then
    new.status := 'failed';
    new.finished_at := now();
    new.error_code := 'forgotten';
    new.error := 'The recipient was forgotten while it was not known whether the message had been sent: it may have been.';
  end if;
  -- Its claim counts as settled: nothing is kept of a later answer.
  if new.claim > 0 and new.status <> 'sending' then
    new.claim := -new.claim;
  end if;
  -- The error may quote the answer; that of a forgotten row is a sentence of our own.
  if new.error_code is distinct from 'forgotten' then
    new.error := null;
  end if;
  return new;
end
$$;

comment on function talkme.keep_blank() is 'Removes the personal data of a row that has blanked_at, whatever is written to it';

revoke execute on function talkme.keep_blank() from public;

create or replace trigger keep_blank
  before insert or update on talkme.outbox
  for each row when (new.blanked_at is not null) execute function talkme.keep_blank();


-- ---- tables/retention-progress.sql caa5f3ec2b96 ----

create table talkme.retention_progress (
  action        text        not null,
  after         text        not null,
  includes      text[]      not null default '{}',
  excludes      text[]      not null default '{}',
  walked_to     timestamptz not null default '-infinity',
  walked_to_id  bigint      not null default 0,
  skipped_from  timestamptz,
  ended_at      timestamptz,

  constraint retention_progress_pkey primary key (action, after),
  constraint retention_progress_action_known check (action in ('delete', 'blank', 'attempt', 'gap_claim', 'list'))
);

comment on table talkme.retention_progress is
  'How far talkme.apply_retention has come. To start a part over from the oldest row of the outbox, delete its row';
comment on column talkme.retention_progress.action is
  'blank, delete: rows of the outbox; attempt: partitions of talkme.attempt; gap_claim: recipients in talkme.gap_claim; list: talkme.list';
comment on column talkme.retention_progress.after is 'How long after a row finished, as an ISO 8601 duration';
comment on column talkme.retention_progress.includes is 'Accounts, and campaigns as ACCOUNT/ID, for which this is set';
comment on column talkme.retention_progress.excludes is 'Campaigns of these accounts for which something else is set';
comment on column talkme.retention_progress.walked_to is 'All rows that finished before this have been looked at';
comment on column talkme.retention_progress.walked_to_id is 'Of those that finished at that very moment, all up to this id';
comment on column talkme.retention_progress.skipped_from is 'When the first of the rows that were locked had finished: the next pass begins there';
comment on column talkme.retention_progress.ended_at is 'When the last pass ended; null while one is under way';

grant select on talkme.retention_progress to talkme_operator, talkme_viewer;


-- ---- retention/retention-rules.sql 5e56324d4b16 ----

-- Rules with the same time share one walk over the rows: a row is read once for each time that is set anywhere, not
-- once for each campaign. Times are text, because = takes a month for thirty days.
create or replace function talkme.retention_rules(out action text, out after text, out includes text[], out excludes text[])
returns setof record
language sql stable
set search_path = pg_catalog, pg_temp
set intervalstyle = 'iso_8601'
begin atomic
  with setting (action, account, id_campanha, after) as (
    select 'blank', a.account, null::bigint, a.retention::text from talkme.account as a
    union all
    select 'delete', a.account, null, a.delete_after::text from talkme.account as a
    union all
    select 'blank', c.account, c.id_campanha, c.retention::text from talkme.campaign as c
    union all
    select 'delete', c.account, c.id_campanha, c.delete_after::text from talkme.campaign as c
  ),
  own as (
    select s.action, s.account || '/' || s.id_campanha as scope, s.after, general.after as otherwise
    from setting as s
    left join setting as general
      on general.action = s.action and general.account = s.account and general.id_campanha is null
    where s.id_campanha is not null and s.after is not null and s.after is distinct from general.after
  ),
  part (action, after, scope, included) as (
    select s.action, s.after, s.account, true from setting as s where s.id_campanha is null and s.after is not null
    union all
    select o.action, o.after, o.scope, true from own as o
    union all
    select o.action, o.otherwise, o.scope, false from own as o where o.otherwise is not null
  )
  select
    p.action, p.after,
    coalesce(array_agg(p.scope order by p.scope) filter (where p.included), '{}'),
    coalesce(array_agg(p.scope order by p.scope) filter (where not p.included), '{}')
  from part as p
  group by p.action, p.after
  having bool_or(p.included);
end;

comment on function talkme.retention_rules() is 'The retention rules of talkme.account and talkme.campaign, by action and time';

revoke execute on function talkme.retention_rules() from public;


-- ---- retention/plan-retention.sql a075d5e7d9e7 ----

-- A part whose rules now cover more rows starts over: it has passed those by.
create or replace function talkme.plan_retention() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set intervalstyle = 'iso_8601'
as $$
declare
  longest text;
begin
  delete from talkme.retention_progress as p
  where p.action in ('blank', 'delete')
    and (p.action, p.after) not in (select r.action, r.after from talkme.retention_rules() as r);

  insert into talkme.retention_progress as p (action, after, includes, excludes)
  select r.action, r.after, r.includes, r.excludes from talkme.retention_rules() as r
  on conflict (action, after) do update set
    includes = excluded.includes,
    excludes = excluded.excludes,
    walked_to = case when excluded.includes <@ p.includes and p.excludes <@ excluded.excludes then p.walked_to else '-infinity' end,
    ended_at = case when excluded.includes <@ p.includes and p.excludes <@ excluded.excludes then p.ended_at end
  where (p.includes, p.excludes) is distinct from (excluded.includes, excluded.excludes);

  longest := talkme.attempts_kept_for()::text;
  delete from talkme.retention_progress as p where p.action = 'attempt' and p.after is distinct from longest;
  insert into talkme.retention_progress (action, after)
  select * from (values ('attempt', longest), ('gap_claim', 'P2D'), ('list', 'P30D')) as part (action, after) where part.after is not null
  on conflict do nothing;
end
$$;

comment on function talkme.plan_retention() is 'Brings talkme.retention_progress in line with the settings';

revoke execute on function talkme.plan_retention() from public;


-- ---- retention/attempts-kept-for.sql d6f98d64042f ----

-- Null (for ever) as long as a single known account keeps its rows for ever.
create or replace function talkme.attempts_kept_for() returns interval
language sql stable
set search_path = pg_catalog, pg_temp
set intervalstyle = 'iso_8601'
return (
  select case when bool_and(a.delete_after is not null) then
    greatest(max(a.delete_after), (select max(c.delete_after) from talkme.campaign as c))
  end
  from (
    select l.account from talkme.lane as l
    union
    select c.account from talkme.campaign as c
    union
    select b.account from talkme.account as b
  ) as known
  left join talkme.account as a using (account)
);

comment on function talkme.attempts_kept_for() is
  'The longest delete_after, if every account has one; null: partitions of talkme.attempt are never dropped';

revoke execute on function talkme.attempts_kept_for() from public;


-- ---- retention/drop-attempt-partition.sql 5bff7576d2f3 ----

-- Dropping a partition locks talkme.attempt for a moment, and nobody can write an attempt while it waits for that lock: behind a
-- dump it gives up after half a second, and tries again another night.
create or replace function talkme.drop_attempt_partition(before timestamptz) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
set lock_timeout = '500ms'
-- A partition's bound is read from the text that PostgreSQL shows for it.
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $$
declare
  oldest  name;
  foreign_rows boolean;
begin
  for oldest in
    select c.relname
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'talkme.attempt'::regclass
      and (regexp_match(pg_get_expr(c.relpartbound, c.oid), $re$ TO [(]'([^']+)'[)]$re$))[1]::timestamptz <= before
    order by c.relname
  loop
    -- Also attempts of an account that is not known any more: nothing is set for it.
    execute format(
      'select exists (select from talkme.%I where account not in (select account from talkme.account where delete_after is not null))',
      oldest
    ) into foreign_rows;
    if not foreign_rows then
      execute format('drop table talkme.%I', oldest);
      return oldest;
    end if;
  end loop;
  return null;
end
$$;

comment on function talkme.drop_attempt_partition(timestamptz) is
  'Drops the oldest partition of talkme.attempt that ended before a time and holds no attempts of an account that keeps its rows for ever; returns its name';

revoke execute on function talkme.drop_attempt_partition(timestamp with time zone) from public;


-- ---- retention/retain-rows.sql c8902ce98e92 ----

-- Blanks or deletes the given rows, which the transaction has already locked.
create or replace function talkme.retain_rows(action text, ids bigint[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  with_attempts bigint[] := ids;
begin
  if action = 'blank' then
    -- As the trigger keep_blank does, which somebody may have switched off.
    update talkme.outbox as o set
      blanked_at = now(), error = null, recipient_hash = talkme.hash_recipient(o.recipient),
      dedupe_key = talkme.hash_recipient(o.id || ':' || o.dedupe_key), numero_dest = null, email_dest = null, txtmsg = null,
      assunto = null, info_contato = null, metadata = null, reference = null, response = null
    where o.id = any(ids);
    update talkme.attempt as t set error = null, reference = null
    where t.outbox_id = any(ids) and (t.error is not null or t.reference is not null);
    return;
  end if;
  -- The attempts of a blanked row hold no personal data any more: where partitions are dropped, they can wait for that.
  if talkme.attempts_kept_for() is not null then
    select array_agg(o.id) into with_attempts from talkme.outbox as o where o.id = any(ids) and o.blanked_at is null;
  end if;
  delete from talkme.attempt as t where t.outbox_id = any(with_attempts);
  delete from talkme.outbox as o where o.id = any(ids);
end
$$;

comment on function talkme.retain_rows(text, bigint[]) is 'Blanks or deletes rows that have ended, and their attempts';

revoke execute on function talkme.retain_rows(text, bigint[]) from public;


-- ---- retention/walk-finished.sql a7168b980dc6 ----

-- Returns the progress after it. Counts and passes over a row that a customer's trigger or foreign key does not let it change:
-- a single one would otherwise hold up all behind it for ever.
create or replace function talkme.walk_finished(
  inout part talkme.retention_progress, batch integer, out changed integer, out refused integer, out refusal text
)
language plpgsql
set search_path = pg_catalog, pg_temp
-- A trigger of the customer's may wait for a lock.
set lock_timeout = '500ms'
as $$
declare
  horizon timestamptz := now() - part.after::interval;
  passed  integer;
  due     bigint[];
  mine    bigint[];
  one     bigint;
begin
  refused := 0;

  -- Passes rows that are kept for longer in larger steps.
  with step as materialized (
    select
      o.id, o.finished_at,
      (part.action = 'delete' or o.blanked_at is null)
        and (own.scope is not null or account.scope is not null and other.scope is null) as due
    from (
      select f.id, f.finished_at, f.blanked_at, f.account, f.account || '/' || f.id_campanha as campaign
      from talkme.outbox as f
      where f.finished_at is not null and f.finished_at <= horizon
        and (f.finished_at, f.id) > (part.walked_to, part.walked_to_id)
      order by f.finished_at, f.id
      limit batch * 10
    ) as o
    left join unnest(part.includes) as account (scope) on account.scope = o.account
    left join unnest(part.includes) as own (scope) on own.scope = o.campaign
    left join unnest(part.excludes) as other (scope) on other.scope = o.campaign
  ),
  chosen as materialized (
    select s.finished_at, s.id from step as s where s.due order by s.finished_at, s.id limit batch
  ),
  last as (
    select c.finished_at, c.id from chosen as c
    union all
    select s.finished_at, s.id from step as s where (select count(*) from chosen) < batch
    order by finished_at desc, id desc
    limit 1
  )
  select
    (select count(*) from step), (select array_agg(c.id) from chosen as c),
    coalesce((select l.finished_at from last as l), part.walked_to), coalesce((select l.id from last as l), part.walked_to_id)
  into passed, due, part.walked_to, part.walked_to_id;

  -- Does not wait for locked rows, and looks again: a row may have changed since.
  select array_agg(free.id) into mine
  from (
    select o.id from talkme.outbox as o
    where o.id = any(due) and o.finished_at <= horizon
    for update skip locked
  ) as free;
  part.skipped_from := least(part.skipped_from, (
    select min(o.finished_at) from talkme.outbox as o
    where o.id = any(due) and o.id <> all(coalesce(mine, '{}')) and o.finished_at <= horizon
  ));

  changed := coalesce(cardinality(mine), 0);
  begin
    perform talkme.retain_rows(part.action, mine);
    -- Deferred triggers fire now, while it is known which rows they are about.
    set constraints all immediate;
  exception
    when others then
      changed := 0;
      foreach one in array mine loop
        begin
          perform talkme.retain_rows(part.action, array[one]);
          set constraints all immediate;
          changed := changed + 1;
        exception when others then
          -- A lock is gone another time.
          if sqlstate in ('55P03', '40P01', '40001') then
            part.skipped_from := least(part.skipped_from, (select o.finished_at from talkme.outbox as o where o.id = one));
          end if;
          refused := refused + 1;
          refusal := sqlerrm;
        end;
      end loop;
  end;

  if passed < batch * 10 and coalesce(cardinality(due), 0) < batch then
    part.ended_at := now();
  end if;
end
$$;

comment on function talkme.walk_finished(talkme.retention_progress, integer) is
  'Blanks or deletes the next rows of a part of the retention, a batch at most';

revoke execute on function talkme.walk_finished(talkme.retention_progress, integer) from public;


-- ---- retention/apply-retention.sql 78f975135f03 ----

-- Blanks a row after the retention of its campaign or account, and deletes it later; talkme.forget does so at once for one
-- person. What is blanked, and when: docs/sql.md.
create or replace function talkme.apply_retention(
  batch integer default 1000, not_again_within interval default interval '0',
  out blanked integer, out deleted integer, out partitions integer, out refused integer, out more boolean, out did text
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  part    talkme.retention_progress;
  step    record;
  dropped text;
  rows    integer;
begin
  if batch not between 1 and 10000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('retention.batch', jsonb_build_object('batch', batch)),
      hint = talkme.say('retention.batch.hint');
  end if;
  blanked := 0;
  deleted := 0;
  partitions := 0;
  refused := 0;
  more := true;
  if not pg_try_advisory_xact_lock(hashtext('talkme.apply_retention')) then
    did := talkme.say('retention.busy');
    return;
  end if;

  perform talkme.plan_retention();
  if not exists (select from talkme.retention_progress where ended_at is null) then
    -- A day back, for what was committed late, or ended before the clock was set back.
    update talkme.retention_progress as p
    set ended_at = null, skipped_from = null, walked_to_id = 0,
      walked_to = least(p.walked_to, p.skipped_from, now() - p.after::interval) - interval '1 day'
    where p.ended_at <= now() - not_again_within;
  end if;

  -- What is to be deleted need not be blanked first.
  select * into part
  from talkme.retention_progress as p
  where p.ended_at is null
  order by array_position(array['delete', 'blank', 'attempt', 'gap_claim', 'list'], p.action), p.after
  limit 1;
  if not found then
    more := false;
    did := talkme.say('retention.done');
    return;
  end if;

  if part.action in ('delete', 'blank') then
    step := talkme.walk_finished(part, batch);
    part := step.part;
    refused := step.refused;
    if part.action = 'delete' then
      deleted := step.changed;
      did := talkme.say('retention.deleted', jsonb_build_object('rows', deleted, 'after', part.after));
    else
      blanked := step.changed;
      did := talkme.say('retention.blanked', jsonb_build_object('rows', blanked, 'after', part.after));
    end if;
    if refused > 0 then
      did := did || ' ' || talkme.say('retention.refused', jsonb_build_object('rows', refused, 'refusal', step.refusal));
    end if;
  elsif part.action = 'attempt' then
    delete from talkme.attempt_default as d
    where d.ctid = any(array(
      select l.ctid from talkme.attempt_default as l
      where l.started_at <= now() - part.after::interval
        and l.account in (select a.account from talkme.account as a where a.delete_after is not null)
      limit batch
      for update skip locked
    ));
    get diagnostics rows = row_count;
    begin
      dropped := talkme.drop_attempt_partition(now() - part.after::interval);
      did := case
        when dropped is null then talkme.say('retention.attempts', jsonb_build_object('rows', rows))
        else talkme.say('retention.dropped', jsonb_build_object('partition', quote_ident(dropped)))
      end;
    exception when lock_not_available then
      did := talkme.say('retention.in_use');
    end;
    partitions := (dropped is not null)::integer;
    if dropped is null and rows < batch then
      part.ended_at := now();
    end if;
  elsif part.action = 'list' then
    delete from talkme.list as l
    where l.id in (select e.id from talkme.list as e where e.created_at < now() - part.after::interval limit 10 for update skip locked);
    get diagnostics rows = row_count;
    did := format('Deleted %s list(s).', rows);
    if rows < 10 then
      part.ended_at := now();
    end if;
  else
    -- Each batch reads the whole table: it is small, and every claim would have to write an index.
    delete from talkme.gap_claim as t
    where t.ctid = any(array(
      select l.ctid from talkme.gap_claim as l
      where l.taken_at < now() - greatest(
        part.after::interval,
        (select max(a.recipient_gap) from talkme.account as a), (select max(c.recipient_gap) from talkme.campaign as c)
      )
      limit batch * 10
      for update skip locked
    ));
    get diagnostics rows = row_count;
    did := talkme.say('retention.recipients', jsonb_build_object('rows', rows));
    if rows < batch * 10 then
      part.ended_at := now();
    end if;
  end if;

  update talkme.retention_progress as p
  set walked_to = part.walked_to, walked_to_id = part.walked_to_id, skipped_from = part.skipped_from, ended_at = part.ended_at
  where p.action = part.action and p.after = part.after;
  more := exists (select from talkme.retention_progress where ended_at is null);
end
$$;

comment on function talkme.apply_retention(integer, interval) is
  'Does the next batch of what retention asks for, and says what it did and whether more is left: call it, in transactions of their own, until nothing is. A round that ended within the second argument is not begun again';

revoke execute on function talkme.apply_retention(integer, interval) from public;
grant execute on function talkme.apply_retention(integer, interval) to talkme_daemon, talkme_operator;


-- ---- retention/forget.sql 741e177bd018 ----

create or replace function talkme.forget(numero text, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- Until it ends, answers for its rows wait.
set lock_timeout = '10s'
as $$
declare
  written  constant text collate "C" := numero;
  digits   text collate "C" := regexp_replace(written, '[^0-9]', '', 'g');
  person   text collate "C";
  hash     text;
  also     bigint[];
  numbers  text[];
  ids      bigint[];
  waited   integer;
  on_wire  integer;
  doubted  integer;
  ended    integer;
  attempts integer;
  listed   integer;
begin
  person := case when written ~ '@' then talkme.address_key(written) else talkme.number_key(written) end;
  -- A row may have a number that nothing can be sent to.
  if person is null or person ~ '^[?]'
    and coalesce(length(ltrim(talkme.dialled_digits(written), '+')), 0) not between 8 and 15
  then
    -- Without the value: this message may be logged.
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('forget.unreadable'),
      hint = talkme.say('forget.unreadable.hint');
  end if;
  if strpos(lower(reason collate "C"), person) > 0 or strpos(regexp_replace(reason collate "C", '[^0-9]', '', 'g'), right(nullif(digits, ''), 8)) > 0 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('forget.reason'),
      hint = talkme.say('forget.reason.hint');
  end if;
  hash := talkme.hash_recipient(person);

  -- A message that has both goes by its number.
  if person ~ '@' then
    select array_agg(o.id), array_agg(o.recipient) into also, numbers
    from talkme.outbox as o
    where o.email_dest is not null and talkme.address_key(o.email_dest) = person and o.recipient <> person;
  end if;

  with touched as (
    update talkme.outbox as o set
      -- Spells out what is erased: somebody may have switched off the trigger keep_blank.
      blanked_at  = coalesce(o.blanked_at, now()),
      recipient_hash = hash,
      dedupe_key  = case when o.blanked_at is null then talkme.hash_recipient(o.id || ':' || o.dedupe_key) else o.dedupe_key end,
      numero_dest = null, email_dest = null, txtmsg = null, assunto = null, info_contato = null, metadata = null,
      reference   = null, response = null,
      status      = case o.status when 'pending' then 'cancelled' when 'unknown' then 'failed' else o.status end,
      finished_at = case when o.status in ('pending', 'unknown') then now() else o.finished_at end,
      retry_at    = case when o.status <> 'pending' then o.retry_at end,
      error_code  = case when o.status in ('pending', 'unknown') then 'forgotten' else o.error_code end,
      error       = case o.status
        when 'pending' then 'The recipient was forgotten before the message was sent: nothing is left of it, and it cannot be tried again.'
        when 'unknown' then 'The recipient was forgotten while it was not known whether the message had been sent: it may have been.'
        when 'cancelled' then case when o.error_code = 'forgotten' then o.error end
        when 'failed' then case when o.error_code = 'forgotten' then o.error end
      end
    -- ?: somebody wrote more around the number than can be read.
    where (o.recipient in (person, '?' || person, hash) or o.id = any(also))
      -- A blanked row that was on the wire may have moved on.
      and (o.blanked_at is null or o.status in ('pending', 'unknown') or num_nonnulls(o.reference, o.response) > 0)
    returning o.status, o.error_code, o.finished_at
  )
  select
    count(*) filter (where t.status = 'cancelled' and t.error_code = 'forgotten' and t.finished_at = now()),
    count(*) filter (where t.status = 'failed' and t.error_code = 'forgotten' and t.finished_at = now()),
    count(*) filter (where t.status = 'sending'),
    count(*)
  into waited, doubted, on_wire, ended
  from touched as t;
  ended := ended - waited - doubted - on_wire;

  select array_agg(o.id) into ids from talkme.outbox as o where o.recipient = hash or o.id = any(also);
  update talkme.attempt as t set error = null, reference = null
  where t.outbox_id = any(ids) and (t.error is not null or t.reference is not null);
  get diagnostics attempts = row_count;
  delete from talkme.gap_claim as t where t.recipient = person or t.recipient = any(numbers);
  -- A line that nobody has checked yet names its recipient in any of its cells.
  delete from talkme.list_line as l
  where person = any (string_to_array(l.recipient, ' ')) or l.recipient is null and exists (
    select from unnest(l.cells) as c (cell)
    where person = case when c.cell ~ '@' then talkme.address_key(c.cell) when c.cell ~ '[0-9]{4}' then talkme.number_key(c.cell) end
  );
  get diagnostics listed = row_count;

  perform talkme.record_audit('forget', jsonb_build_object('recipient', hash), waited + doubted + on_wire + ended, reason);
  return case
    when ids is null and listed = 0 then talkme.say('forget.nothing')
    when ids is null then talkme.say('forget.no_message')
    else talkme.say('forget.done', jsonb_build_object(
      'waited', waited, 'on_wire', on_wire, 'doubted', doubted, 'ended', ended, 'attempts', attempts,
      'blanked', cardinality(ids) - waited - on_wire - doubted - ended
    ))
  end || case when listed > 0 then ' ' || talkme.say('forget.lists', jsonb_build_object('lines', listed)) else '' end
  || ' ' || talkme.say(case
    when exists (select from talkme.suppression as s where s.recipient = person) then 'forget.suppressed'
    else 'forget.not_suppressed'
  end);
end
$$;

comment on function talkme.forget(text, text) is
  'Erases what is kept of a recipient, at once: cancels waiting messages, and blanks all. Says what it touched; cannot be undone';

revoke execute on function talkme.forget(text, text) from public;
grant execute on function talkme.forget(text, text) to talkme_operator;


-- ---- tables/retention-floor.sql dbb3d92b76be ----

-- syncd writes what its file says, with a login that may be stolen or a file that may be wrong: it cannot have anything removed
-- sooner than people have agreed to.
create table talkme.retention_floor (
  singleton     boolean     not null default true,
  retention     interval    not null default '7 days',
  delete_after  interval    not null default '30 days',

  constraint retention_floor_pkey primary key (singleton),
  constraint retention_floor_singleton check (singleton),
  constraint retention_floor_positive check (retention >= interval '0' and delete_after >= interval '0')
);

comment on table talkme.retention_floor is
  'The shortest times that syncd may write into talkme.account. The owner of the schema changes them here, and may write talkme.account directly';
comment on column talkme.retention_floor.singleton is 'There is one floor';
comment on column talkme.retention_floor.retention is 'Rows keep personal data for at least this long after finishing';
comment on column talkme.retention_floor.delete_after is 'Rows stay for at least this long after finishing';

grant select on talkme.retention_floor to talkme_daemon, talkme_operator, talkme_viewer;

insert into talkme.retention_floor default values;


-- ---- retention/below-retention-floor.sql 8d19fbb9a530 ----

-- syncd check calls it too, before anything is written.
create or replace function talkme.below_retention_floor(account text, retention interval, delete_after interval)
returns table (rule text, complaint text, setting text, given_time text, shortest text)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select
    'account_' || given.setting || '_floor',
    format(
      '%s %s of the account %s is not in days, or less than %s, the shortest that syncd may set; who owns the schema talkme lowers it in talkme.retention_floor',
      given.setting, given.after, below_retention_floor.account, given.floor
    ),
    given.setting, given.after::text, given.floor::text
  from talkme.retention_floor as f
  left join talkme.account as a on a.account = below_retention_floor.account
  cross join lateral (
    values
      ('retention', below_retention_floor.retention, f.retention, a.retention),
      ('delete_after', below_retention_floor.delete_after, f.delete_after, a.delete_after)
  ) as given (setting, after, floor, already)
  -- In days, as the file has them: months differ in length, and negative ones can make a time look longer than it is.
  where (given.after < given.floor or extract(year from given.after) <> 0 or extract(month from given.after) <> 0)
    and given.after is distinct from given.already
    and not talkme.caller_is('{}')
  order by given.setting;
end;

comment on function talkme.below_retention_floor(text, interval, interval) is
  'The times for an account that are shorter than the caller may set; none for the owner of the outbox';

revoke execute on function talkme.below_retention_floor(text, interval, interval) from public;
grant execute on function talkme.below_retention_floor(text, interval, interval) to talkme_daemon;


-- ---- tables/list.sql 16186918a024 ----

-- A list that a person brings in is kept as it was read until it is sent: whoever sends it sees every line, and why a bad one is
-- bad, before anything goes out. It holds personal data, so it goes after 30 days, and a forgotten person's lines at once.
create table talkme.list (
  id            bigint      generated always as identity,
  name          text        not null,
  content_hash  text        not null,
  columns       text[]      not null,
  complete      boolean     not null default false,
  message       jsonb,
  checked_at    timestamptz,
  batch_id      bigint,
  created_by    name        not null default talkme.caller(),
  created_at    timestamptz not null default now(),

  constraint list_pkey primary key (id),
  constraint list_name_given check (name ~ '[^[:space:]]' and length(name) <= 200),
  constraint list_content_hash_format check (content_hash ~ '^[0-9a-f]{64}$'),
  constraint list_columns_number check (cardinality(columns) between 1 and 100)
);

comment on table talkme.list is
  'Lists of recipients that people brought in as files, before and after they were sent as a batch. Kept for 30 days';
comment on column talkme.list.id is 'Number of the list';
comment on column talkme.list.name is 'Name of the file';
comment on column talkme.list.content_hash is 'SHA-256 of the file, so that the same file is noticed when it comes twice';
comment on column talkme.list.columns is 'The headings of the file';
comment on column talkme.list.complete is 'Whether all lines have been read: before that nothing can be sent';
comment on column talkme.list.message is 'How a line becomes a message, as talkme.map_list took it; null until somebody says so';
comment on column talkme.list.checked_at is 'When its lines were checked; null if something has changed since';
comment on column talkme.list.batch_id is 'The batch as which it was sent; null as long as it was not';
comment on column talkme.list.created_by is 'Who brought it in: a producer sees and uses its own lists only';
comment on column talkme.list.created_at is 'When it was brought in';

create index list_content on talkme.list (content_hash);

alter table talkme.list enable row level security;

create policy list_everybody on talkme.list to public using (true);

create policy list_producer on talkme.list as restrictive for select to talkme_producer, talkme_marketing using (
  (select exists (
    select from pg_catalog.pg_roles
    where rolname in ('talkme_viewer', 'talkme_operator') and pg_catalog.pg_has_role(oid, 'usage')
  ))
  or created_by = any (array(select rolname from pg_catalog.pg_roles where pg_catalog.pg_has_role(oid, 'usage')))
);

comment on policy list_everybody on talkme.list is 'Grants decide what a role may do with the table';

comment on policy list_producer on talkme.list is
  'A role that is only a producer, or of marketing, sees the lists brought in by itself or by a role that it is a member of';

grant select on talkme.list to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- tables/list-line.sql c3763592a229 ----

create table talkme.list_line (
  list_id       bigint      not null,
  line          integer     not null,
  cells         text[]      not null,
  recipient     text,
  codes         text[],
  left_out      boolean     not null default false,

  constraint list_line_pkey primary key (list_id, line),
  constraint list_line_list foreign key (list_id) references talkme.list (id) on delete cascade
);

comment on table talkme.list_line is 'The lines of talkme.list, cell by cell';
comment on column talkme.list_line.list_id is 'The list';
comment on column talkme.list_line.line is 'Number of the line in the file, where the line begins; headings are line 1';
comment on column talkme.list_line.cells is 'What stands in its columns';
comment on column talkme.list_line.recipient is 'Whom its message would go to, as in talkme.outbox; null until it is checked';
comment on column talkme.list_line.codes is 'Why it cannot be sent, as in talkme.problems; empty if it can, null until it is checked';
comment on column talkme.list_line.left_out is 'Whether a person took it out of the list';

grant select on talkme.list_line to talkme_operator, talkme_viewer;


-- ---- lists/own-list.sql e9ae07e2e95a ----

create or replace function talkme.own_list(list_id bigint) returns talkme.list
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  found_list talkme.list;
begin
  select * into found_list from talkme.list as l where l.id = own_list.list_id;
  if found_list.id is null
    or not (talkme.caller_is('{talkme_operator}') or talkme.caller_is_creator(found_list.created_by))
  then
    perform talkme.refuse_as('list_exists', jsonb_build_object('id', list_id), 'P0002');
  end if;
  return found_list;
end
$$;

comment on function talkme.own_list(bigint) is
  'Returns a list that the caller brought in, or any list for an operator; refuses every other';

revoke execute on function talkme.own_list(bigint) from public;


-- ---- lists/refuse-campaign.sql b5adb5265a4b ----

-- As the policy outbox_marketing, which a function with its owner's rights does not meet.
create or replace function talkme.refuse_campaign(id_campanha bigint) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not talkme.caller_is('{talkme_producer,talkme_operator}') and not talkme.may_use_campaign(id_campanha) then
    perform talkme.refuse_as('list_campaign_granted', jsonb_build_object('id_campanha', id_campanha), '42501');
  end if;
end
$$;

comment on function talkme.refuse_campaign(bigint) is
  'Refuses a campaign that a member of talkme_marketing alone was not granted';

revoke execute on function talkme.refuse_campaign(bigint) from public;


-- ---- lists/unsent-list.sql 3d492e72bfeb ----

create or replace function talkme.unsent_list(list_id bigint) returns talkme.list
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  mine talkme.list;
begin
  perform from talkme.list as l where l.id = list_id for no key update;
  mine := talkme.own_list(list_id);
  if mine.batch_id is not null then
    perform talkme.refuse_as('list_not_sent', jsonb_build_object('id', list_id, 'batch', mine.batch_id));
  end if;
  return mine;
end
$$;

comment on function talkme.unsent_list(bigint) is 'As talkme.own_list, but locks the list, and refuses a list that was sent';

revoke execute on function talkme.unsent_list(bigint) from public;


-- ---- lists/begin-list.sql 8d0682690e5a ----

create or replace function talkme.begin_list(name text, content_hash text, columns text[]) returns bigint
language sql
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into talkme.list (name, content_hash, columns) values (name, content_hash, columns) returning id;
end;

comment on function talkme.begin_list(text, text, text[]) is
  'Begins a list of a file with these headings, and returns its number: talkme.add_lines and talkme.end_list follow';

revoke execute on function talkme.begin_list(text, text, text[]) from public;
grant execute on function talkme.begin_list(text, text, text[]) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/add-lines.sql 8d0790547478 ----

-- Cells come as JSON: an array of PostgreSQL's must have as many cells in each line.
create or replace function talkme.add_lines(list_id bigint, lines integer[], cells jsonb) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  if mine.complete then
    perform talkme.refuse_as('list_incomplete', jsonb_build_object('id', list_id));
  end if;
  insert into talkme.list_line (list_id, line, cells)
  select mine.id, l.line, array(select c.cell from jsonb_array_elements_text(l.cells) with ordinality as c (cell, n) order by c.n)
  from rows from (unnest(lines), jsonb_array_elements(cells)) as l (line, cells);
end
$$;

comment on function talkme.add_lines(bigint, integer[], jsonb) is
  'Adds lines to a list that is being read: their numbers in the file, and for each an array of its cells';

revoke execute on function talkme.add_lines(bigint, integer[], jsonb) from public;
grant execute on function talkme.add_lines(bigint, integer[], jsonb) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/end-list.sql 82876b3f46c1 ----

create or replace function talkme.end_list(list_id bigint) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  update talkme.list as l set complete = true where l.id = mine.id;
end
$$;

comment on function talkme.end_list(bigint) is 'Says that all lines of a list have been read';

revoke execute on function talkme.end_list(bigint) from public;
grant execute on function talkme.end_list(bigint) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/check-list-message.sql 10a8bad6a938 ----

create or replace function talkme.check_list_message(message jsonb, columns text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  fields constant text[] := talkme.known_variables() || '{numero_dest,email_dest,txtmsg,assunto,dedupe_key}'::text[];
  field  text;
  number jsonb;
begin
  if jsonb_typeof(message) is distinct from 'object' or jsonb_typeof(message -> 'columns') is distinct from 'object' then
    perform talkme.refuse_as(
      'list_message_object', jsonb_build_object('example', '{"id_campanha": 123456, "columns": {"numero_dest": 1, "nome": 2}}'), '22023'
    );
  end if;
  for field in select k from jsonb_object_keys(message) as k where k <> all ('{account,id_campanha,id_wpp,send_at,expires_at,columns}') loop
    perform talkme.refuse_as('list_message_key', jsonb_build_object('key', field), '22023');
  end loop;
  for field, number in select * from jsonb_each(message -> 'columns') loop
    if field <> all (fields) then
      perform talkme.refuse_as('list_field_known', jsonb_build_object('field', field), '22023');
    end if;
    if jsonb_typeof(number) <> 'number' or not (number::text ~ '^[0-9]{1,3}$')
      or not coalesce(number::text::integer between 1 and cardinality(columns), false)
    then
      perform talkme.refuse_as('list_column_exists', jsonb_build_object('field', field, 'columns', cardinality(columns)), '22023');
    end if;
  end loop;
  if not message -> 'columns' ?| '{numero_dest,email_dest}' then
    perform talkme.refuse_as('list_recipient_column', '{}', '22023');
  end if;
end
$$;

comment on function talkme.check_list_message(jsonb, text[]) is
  'Refuses a way from lines to messages that names what does not exist, or no column for the recipient';

revoke execute on function talkme.check_list_message(jsonb, text[]) from public;


-- ---- lists/map-list.sql b1e2c5399405 ----

create or replace function talkme.map_list(list_id bigint, message jsonb) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  perform talkme.check_list_message(message, mine.columns);
  perform talkme.refuse_campaign((message ->> 'id_campanha')::bigint);
  update talkme.list as l set message = map_list.message, checked_at = null where l.id = mine.id;
end
$$;

comment on function talkme.map_list(bigint, jsonb) is
  'Says how the lines of a list become messages: {"id_campanha": 123, "columns": {"numero_dest": 1, "nome": 2}}, with the numbers of columns; account, id_wpp, send_at and expires_at hold for all lines';

revoke execute on function talkme.map_list(bigint, jsonb) from public;
grant execute on function talkme.map_list(bigint, jsonb) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/list-messages.sql 84c0dad7040d ----

-- A cell that is empty gives no variable. A list without a column for variables uses the method without them, with null.
create or replace function talkme.list_messages(mine talkme.list, only_line integer default null) returns table (
  line integer, codes text[], left_out boolean, account text, id_campanha bigint, id_wpp bigint, numero_dest text, email_dest text,
  txtmsg text, assunto text, info_contato jsonb, dedupe_key text, send_at timestamptz, expires_at timestamptz
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  m         constant jsonb   := mine.message;
  number    constant integer := m -> 'columns' ->> 'numero_dest';
  address   constant integer := m -> 'columns' ->> 'email_dest';
  body      constant integer := m -> 'columns' ->> 'txtmsg';
  subject   constant integer := m -> 'columns' ->> 'assunto';
  key       constant integer := m -> 'columns' ->> 'dedupe_key';
  variables constant text[]  := array(
    select k from jsonb_object_keys(m -> 'columns') as k where k = any (talkme.known_variables()) order by k
  );
  places    constant integer[] := array(select (m -> 'columns' ->> v)::integer from unnest(variables) as v);
begin
  return query
  select
    l.line, l.codes, l.left_out, coalesce(m ->> 'account', 'default'), (m ->> 'id_campanha')::bigint, (m ->> 'id_wpp')::bigint,
    nullif(talkme.trim_blanks(l.cells[number]), ''), nullif(talkme.trim_blanks(l.cells[address]), ''),
    nullif(talkme.trim_blanks(l.cells[body]), ''), nullif(talkme.trim_blanks(l.cells[subject]), ''),
    case when variables <> '{}' then (
      select coalesce(jsonb_object_agg(v.name, talkme.trim_blanks(l.cells[v.place])), '{}')
      from unnest(variables, places) as v (name, place)
      where talkme.trim_blanks(l.cells[v.place]) <> ''
    ) end,
    nullif(talkme.trim_blanks(l.cells[key]), ''), (m ->> 'send_at')::timestamptz, (m ->> 'expires_at')::timestamptz
  from talkme.list_line as l
  where l.list_id = mine.id and (only_line is null or l.line = only_line);
end
$$;

comment on function talkme.list_messages(talkme.list, integer) is 'The messages that the lines of a list become, or one of them';

revoke execute on function talkme.list_messages(talkme.list, integer) from public;


-- ---- lists/count-list.sql 71638035d6a2 ----

create or replace function talkme.count_list(list_id bigint) returns table (lines bigint, good bigint, bad bigint, left_out bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  return query
  select
    count(*), count(*) filter (where l.codes = '{}' and not l.left_out), count(*) filter (where l.codes <> '{}' and not l.left_out),
    count(*) filter (where l.left_out)
  from talkme.list_line as l
  where l.list_id = mine.id;
end
$$;

comment on function talkme.count_list(bigint) is
  'How many lines a list has: those that can be sent, those that cannot, and those that were taken out of it';

revoke execute on function talkme.count_list(bigint) from public;
grant execute on function talkme.count_list(bigint) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/list-problems.sql b72ee375aa43 ----

create or replace function talkme.list_problems(list_id bigint) returns table (code text, lines bigint, first_line integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  return query
  select c.code, count(*), min(l.line)
  from talkme.list_line as l
  cross join lateral unnest(l.codes) as c (code)
  where l.list_id = mine.id and not l.left_out
  group by c.code
  order by count(*) desc, c.code;
end
$$;

comment on function talkme.list_problems(bigint) is 'What the last check of a list found: each problem with the number of its lines';

revoke execute on function talkme.list_problems(bigint) from public;
grant execute on function talkme.list_problems(bigint) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/preview-list.sql 3607c3d25ea5 ----

create or replace function talkme.preview_list(list_id bigint, most integer default 3)
returns table (line integer, numero_dest text, email_dest text, info_contato jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  return query
  select m.line, m.numero_dest, m.email_dest, m.info_contato
  from (
    select l.line
    from talkme.list_line as l
    where l.list_id = mine.id and coalesce(l.codes, '{}') = '{}' and not l.left_out
    order by l.line
    limit most
  ) as l
  cross join lateral talkme.list_messages(mine, l.line) as m
  where mine.message is not null
  order by m.line;
end
$$;

comment on function talkme.preview_list(bigint, integer) is 'The first messages that a list becomes';

revoke execute on function talkme.preview_list(bigint, integer) from public;
grant execute on function talkme.preview_list(bigint, integer) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/check-list.sql efa78efdd4f0 ----

create or replace function talkme.check_list(list_id bigint) returns table (code text, lines bigint, first_line integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  if mine.message is null or not mine.complete then
    perform talkme.refuse_as('list_ready', jsonb_build_object('id', mine.id));
  end if;

  with message as materialized (
    select m.line, m.left_out, talkme.recipient_of(m.numero_dest, m.email_dest) as recipient, array(
      select p.code
      from talkme.problems(
        m.numero_dest, m.id_campanha, m.info_contato, m.id_wpp, m.email_dest, m.txtmsg, m.assunto, m.account,
        send_at => m.send_at, expires_at => m.expires_at, dedupe_key => m.dedupe_key
      ) as p
    ) as codes, m.dedupe_key
    from talkme.list_messages(mine) as m
  ),
  -- The first line of each that can be sent stays.
  twice as (
    select
      m.line,
      row_number() over (partition by m.recipient order by m.line) > 1 as same_recipient,
      m.dedupe_key is not null and row_number() over (partition by m.dedupe_key order by m.line) > 1 as same_key
    from message as m
    where m.codes = '{}' and not m.left_out
  )
  update talkme.list_line as l
  set recipient = n.recipient, codes = n.codes
  from (
    select
      m.line, m.recipient, m.codes
        || case when t.same_recipient then '{list_recipient_twice}'::text[] else '{}' end
        || case when t.same_key then '{list_key_twice}'::text[] else '{}' end as codes
    from message as m
    left join twice as t using (line)
  ) as n
  where l.list_id = mine.id and l.line = n.line and (l.recipient, l.codes) is distinct from (n.recipient, n.codes);
  update talkme.list as l set checked_at = now() where l.id = mine.id;

  return query select * from talkme.list_problems(mine.id);
end
$$;

comment on function talkme.check_list(bigint) is
  'Checks every line of a list as talkme.problems does, and for recipients and keys that the list has twice; returns each problem with the number of its lines';

revoke execute on function talkme.check_list(bigint) from public;
grant execute on function talkme.check_list(bigint) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/list-lines.sql 669200d57fc5 ----

create or replace function talkme.list_lines(list_id bigint, only_bad boolean default false, after integer default 0, most integer default 100)
returns table (line integer, cells text[], left_out boolean, code text, field text, message text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  return query
  with page as materialized (
    select l.line, l.cells, l.left_out, l.codes
    from talkme.list_line as l
    where l.list_id = mine.id and l.line > after and (not only_bad or l.codes <> '{}')
    order by l.line
    limit most
  )
  select p.line, p.cells, p.left_out, c.code, w.field, coalesce(w.message, case when c.code is not null then talkme.say('list_problem.' || c.code) end)
  from page as p
  left join lateral unnest(p.codes) as c (code) on true
  left join lateral (
    select r.field, r.message
    from talkme.list_messages(mine, p.line) as m
    cross join lateral talkme.problems(
      m.numero_dest, m.id_campanha, m.info_contato, m.id_wpp, m.email_dest, m.txtmsg, m.assunto, m.account,
      send_at => m.send_at, expires_at => m.expires_at, dedupe_key => m.dedupe_key
    ) as r
    where r.code = c.code
  ) as w on true
  order by p.line, c.code;
end
$$;

comment on function talkme.list_lines(bigint, boolean, integer, integer) is
  'A page of the lines of a list as they were read, each with its problems in words: a line with two problems comes twice';

revoke execute on function talkme.list_lines(bigint, boolean, integer, integer) from public;
grant execute on function talkme.list_lines(bigint, boolean, integer, integer) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/correct-line.sql 90c39871d842 ----

create or replace function talkme.correct_line(list_id bigint, line integer, cells text[] default null, left_out boolean default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  if cardinality(correct_line.cells) > cardinality(mine.columns) then
    perform talkme.refuse_as('list_cells_number', jsonb_build_object('columns', cardinality(mine.columns)), '22023');
  end if;
  update talkme.list_line as l
  set cells = coalesce(correct_line.cells, l.cells), left_out = coalesce(correct_line.left_out, l.left_out), codes = null
  where l.list_id = mine.id and l.line = correct_line.line;
  if not found then
    perform talkme.refuse_as('list_line_exists', jsonb_build_object('id', mine.id, 'line', line), 'P0002');
  end if;
  update talkme.list as l set checked_at = null where l.id = mine.id;
end
$$;

comment on function talkme.correct_line(bigint, integer, text[], boolean) is
  'Writes the cells of a line of a list, or takes the line out of it or back in; the list has to be checked again';

revoke execute on function talkme.correct_line(bigint, integer, text[], boolean) from public;
grant execute on function talkme.correct_line(bigint, integer, text[], boolean) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/drop-list.sql 511ffc27310c ----

create or replace function talkme.drop_list(list_id bigint) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  delete from talkme.list as l where l.id = mine.id;
end
$$;

comment on function talkme.drop_list(bigint) is 'Removes a list and its lines; what was sent of it stays in the outbox';

revoke execute on function talkme.drop_list(bigint) from public;
grant execute on function talkme.drop_list(bigint) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- lists/send-list.sql 209d2e507784 ----

-- All lines without a problem, or none: one transaction, one batch. The count is the one that the person saw.
create or replace function talkme.send_list(list_id bigint, confirmed_rows bigint, batch_name text default null, again boolean default false)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine   talkme.list := talkme.own_list(list_id);
  before record;
  ready  bigint;
  batch  bigint;
begin
  -- The same file twice at the same moment: the second waits for the first, and finds it. The rows' locks are for a transaction with
  -- an older snapshot, which gets 40001.
  perform pg_advisory_xact_lock(hashtext('talkme.send_list'), hashtext(mine.content_hash));
  mine := talkme.unsent_list(list_id);
  perform from talkme.list as l where l.content_hash = mine.content_hash and l.batch_id is null order by l.id for no key update;

  -- The grant may have been taken back since.
  perform talkme.refuse_campaign((mine.message ->> 'id_campanha')::bigint);
  if mine.checked_at is null then
    perform talkme.refuse_as('list_checked', jsonb_build_object('id', mine.id));
  end if;
  select count(*) into ready
  from talkme.list_line as l
  where l.list_id = mine.id and l.codes = '{}' and not l.left_out;
  if ready is distinct from confirmed_rows or ready = 0 then
    perform talkme.refuse_as('list_rows_confirmed', jsonb_build_object('ready', ready, 'confirmed', confirmed_rows));
  end if;
  select l.batch_id, l.created_at, l.created_by into before
  from talkme.list as l
  where l.content_hash = mine.content_hash and l.batch_id is not null and l.message -> 'id_campanha' is not distinct from mine.message -> 'id_campanha'
  order by l.id desc
  limit 1;
  if found and not again then
    perform talkme.refuse_as(
      'list_sent_before', jsonb_build_object('batch', before.batch_id, 'since', before.created_at, 'by', before.created_by)
    );
  end if;

  insert into talkme.batch (name, expected_rows) values (coalesce(batch_name, mine.name), ready) returning id into batch;
  insert into talkme.outbox (
    account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato, dedupe_key, send_at, expires_at, metadata,
    batch_id
  )
  select
    m.account, m.id_campanha, m.id_wpp, m.numero_dest, m.email_dest, m.txtmsg, m.assunto, m.info_contato, m.dedupe_key,
    coalesce(m.send_at, now()), m.expires_at, jsonb_build_object('list', mine.id, 'line', m.line), batch
  from talkme.list_messages(mine) as m
  where m.codes = '{}' and not m.left_out
  order by m.line;
  update talkme.list as l set batch_id = batch where l.id = mine.id;
  perform talkme.record_audit(
    'send_list', jsonb_build_object('list', mine.id, 'batch', batch, 'id_campanha', mine.message -> 'id_campanha'), ready, null
  );
  return batch;
end
$$;

comment on function talkme.send_list(bigint, bigint, text, boolean) is
  'Puts the lines of a checked list that have no problem into the outbox, as one batch, and returns its number. Refused if they are not as many as confirmed, or if the same file was sent to the campaign before, unless again is true';

revoke execute on function talkme.send_list(bigint, bigint, text, boolean) from public;
grant execute on function talkme.send_list(bigint, bigint, text, boolean) to talkme_operator, talkme_producer, talkme_marketing;


-- ---- tables/hourly.sql cae3bac4589d ----

-- What became of messages, by the hour: charts of weeks read this, and not millions of rows. It outlives the rows, and names no person.
create table talkme.hourly (
  hour          timestamptz not null,
  account       text        not null,
  id_campanha   bigint,
  batch_id      bigint,
  status        text        not null,
  rows          bigint      not null,

  -- The order in which a campaign's or a batch's chart reads it is that of an index of its own.
  constraint hourly_key unique nulls not distinct (hour, account, id_campanha, batch_id, status),
  constraint hourly_status_known check (status in ('sent', 'failed', 'expired', 'cancelled')),
  constraint hourly_rows_positive check (rows > 0)
);

comment on table talkme.hourly is
  'How many rows became sent, failed, expired or cancelled in each hour, kept for two years. talkme.roll_up writes it: the hour that has not ended is some minutes behind';
comment on column talkme.hourly.hour is 'When the hour begins; hours are those of UTC';
comment on column talkme.hourly.account is 'As in talkme.outbox';
comment on column talkme.hourly.id_campanha is 'As in talkme.outbox; null for rows without a campaign';
comment on column talkme.hourly.batch_id is 'As in talkme.outbox; null for rows of no batch';
comment on column talkme.hourly.status is 'What the rows became. A row that ended twice, because it was retried, is counted in both hours';
comment on column talkme.hourly.rows is 'How many';

create index hourly_campaign on talkme.hourly (id_campanha, hour) where id_campanha is not null;

create index hourly_batch on talkme.hourly (batch_id, hour) where batch_id is not null;

grant select on talkme.hourly to talkme_operator, talkme_viewer;


-- ---- tables/hourly-progress.sql ab49cce4b933 ----

create table talkme.hourly_progress (
  singleton     boolean     not null default true,
  final_until   timestamptz not null default '-infinity',
  counted_at    timestamptz not null default '-infinity',

  constraint hourly_progress_pkey primary key (singleton),
  constraint hourly_progress_singleton check (singleton)
);

comment on table talkme.hourly_progress is 'How far talkme.roll_up has come';
comment on column talkme.hourly_progress.singleton is 'There is one';
comment on column talkme.hourly_progress.final_until is
  'Hours before this are not counted again. Set it back to have them counted anew, as far as their rows are still there';
comment on column talkme.hourly_progress.counted_at is 'When the last round through the hours ended';

grant select on talkme.hourly_progress to talkme_operator, talkme_viewer;

insert into talkme.hourly_progress default values;


-- ---- hourly/roll-up.sql d3bbce446eee ----

-- An hour is counted again until 15 minutes after its end: a row that ends names the time at which its transaction began, and may be
-- committed later. Hours in which nothing ended are passed over.
create or replace function talkme.roll_up(
  after timestamptz default null, not_again_within interval default interval '0', out counted timestamptz, out more boolean
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  one_hour constant interval    := interval '1 hour';
  now_hour constant timestamptz := date_trunc('hour', now(), 'UTC');
  final    timestamptz;
begin
  more := false;
  if not pg_try_advisory_xact_lock(hashtext('talkme.roll_up')) then
    return;
  end if;
  if after is null and exists (select from talkme.hourly_progress as p where p.counted_at > now() - not_again_within) then
    return;
  end if;
  select p.final_until into final from talkme.hourly_progress as p;

  select date_trunc('hour', o.finished_at, 'UTC') into counted
  from talkme.outbox as o
  where o.finished_at is not null and o.finished_at >= greatest(final, after + one_hour) and o.finished_at < now_hour + one_hour
  order by o.finished_at
  limit 1;
  more := counted < now_hour;
  if more is not true then
    more := false;
    update talkme.hourly_progress set counted_at = now();
    delete from talkme.hourly as h where h.hour < now() - interval '2 years';
  end if;

  delete from talkme.hourly as h where h.hour = counted;
  insert into talkme.hourly (hour, account, id_campanha, batch_id, status, rows)
  select counted, o.account, o.id_campanha, o.batch_id, o.status, count(*)
  from talkme.outbox as o
  where o.finished_at is not null and o.finished_at >= counted and o.finished_at < counted + one_hour
    and o.status in ('sent', 'failed', 'expired', 'cancelled')
  group by o.account, o.id_campanha, o.batch_id, o.status;

  if counted + one_hour <= now() - interval '15 minutes' then
    update talkme.hourly_progress set final_until = counted + one_hour;
  end if;
end
$$;

comment on function talkme.roll_up(timestamptz, interval) is
  'Counts the next hour, after the given one, into talkme.hourly, and says which it was and whether there is another: call it, in transactions of their own, with the hour that it named last. A round that ended within the second argument is not begun again';

revoke execute on function talkme.roll_up(timestamp with time zone, interval) from public;
grant execute on function talkme.roll_up(timestamp with time zone, interval) to talkme_daemon, talkme_operator;


-- ---- settings/record-setting.sql 2cadd47a5c23 ----

-- Whoever changes a setting, by a function or by hand. A function says in talkme.action which one it is, and in talkme.reason why;
-- whoever writes by hand may set talkme.reason, too.
create or replace function talkme.record_setting() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  was    constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - 'open_minutes' end;
  is_now constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - 'open_minutes' end;
  row_of constant text[] := case tg_table_name
    when 'campaign' then '{account,id_campanha}' when 'account' then '{account}' else '{day,state}'
  end;
  -- A name is for people, and may be a person's.
  changed record;
begin
  select
    jsonb_object_agg(c.key, case when c.key = 'name' then to_jsonb(talkme.hide_numbers(was ->> c.key)) else was -> c.key end)
      filter (where c.key <> all (row_of) or tg_op = 'UPDATE') as before,
    jsonb_object_agg(c.key, case when c.key = 'name' then to_jsonb(talkme.hide_numbers(is_now ->> c.key)) else is_now -> c.key end)
      filter (where c.key <> all (row_of) or tg_op = 'UPDATE') as after
  into changed
  from jsonb_object_keys(coalesce(is_now, was)) as c (key)
  where was -> c.key is distinct from is_now -> c.key;
  if tg_op = 'UPDATE' and changed.after is null then
    return null;
  end if;
  perform talkme.record_audit(
    coalesce(nullif(current_setting('talkme.action', true), ''), lower(tg_op) || '_' || tg_table_name),
    (select jsonb_object_agg(k, coalesce(was, is_now) -> k) from unnest(row_of) as k)
      || case when was is null then '{}' else jsonb_build_object('before', changed.before) end
      || case when is_now is null then '{}' else jsonb_build_object('after', changed.after) end,
    1, nullif(current_setting('talkme.reason', true), '')
  );
  return null;
end
$$;

comment on function talkme.record_setting() is 'Writes each change of a setting into talkme.audit, with what it was before';

revoke execute on function talkme.record_setting() from public;

create or replace trigger record_setting after insert or update or delete on talkme.account
for each row execute function talkme.record_setting();

create or replace trigger record_setting after insert or update or delete on talkme.campaign
for each row execute function talkme.record_setting();

create or replace trigger record_setting after insert or update or delete on talkme.holiday
for each row execute function talkme.record_setting();


-- ---- settings/record-truncated-settings.sql d07ccc9356c0 ----

create or replace function talkme.record_truncated_settings() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  lost bigint := case tg_table_name
    when 'campaign' then (select count(*) from talkme.campaign)
    when 'account' then (select count(*) from talkme.account)
    else (select count(*) from talkme.holiday)
  end;
begin
  perform talkme.record_audit('truncate_' || tg_table_name, '{}', lost, nullif(current_setting('talkme.reason', true), ''));
  return null;
end
$$;

comment on function talkme.record_truncated_settings() is 'Writes into talkme.audit that all settings of a table were removed';

revoke execute on function talkme.record_truncated_settings() from public;

create or replace trigger record_truncated_settings before truncate on talkme.account
for each statement execute function talkme.record_truncated_settings();

create or replace trigger record_truncated_settings before truncate on talkme.campaign
for each statement execute function talkme.record_truncated_settings();

create or replace trigger record_truncated_settings before truncate on talkme.holiday
for each statement execute function talkme.record_truncated_settings();


-- ---- settings/check-setting-changes.sql 947c7cfbff94 ----

create or replace function talkme.check_setting_changes(setting text, changes jsonb, columns text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  about constant jsonb := jsonb_build_object('setting', 'talkme.' || setting, 'columns', array_to_string(columns, ', '));
  rule  text;
  wrong text;
begin
  if changes is null or jsonb_typeof(changes) <> 'object' or changes = '{}' then
    rule := 'setting_given';
  else
    select string_agg(k, ', ') into wrong from jsonb_object_keys(changes) as k where k <> all (columns);
    rule := case
      when wrong is null then null
      when wrong ~ '(retention|delete_after)' then 'setting_owner'
      else 'setting_columns'
    end;
  end if;
  if rule is not null then
    raise exception using
      errcode = case when rule = 'setting_owner' then 'insufficient_privilege' else 'invalid_parameter_value' end,
      schema = 'talkme', table = setting, constraint = rule,
      message = talkme.say(rule, about || jsonb_build_object('wrong', coalesce(talkme.hide_numbers(wrong), ''))),
      hint = talkme.say(rule || '.hint', about);
  end if;
end
$$;

comment on function talkme.check_setting_changes(text, jsonb, text[]) is
  'Refuses changes of a setting that are not an object of the columns that an operator may set';

revoke execute on function talkme.check_setting_changes(text, jsonb, text[]) from public;


-- ---- settings/refuse-setting-value.sql 587b62735cb1 ----

create or replace function talkme.refuse_setting_value(setting text, why text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'invalid_parameter_value', schema = 'talkme', table = setting, constraint = 'setting_fit',
    message = talkme.say('setting_fit', jsonb_build_object('why', talkme.hide_numbers(why))), hint = talkme.say('setting_fit.hint');
end
$$;

comment on function talkme.refuse_setting_value(text, text) is 'Refuses a value that does not fit the column of a setting';

revoke execute on function talkme.refuse_setting_value(text, text) from public;


-- ---- settings/say-setting.sql 4e730f525d6a ----

create or replace function talkme.say_setting(setting text, was jsonb, is_now jsonb) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  changes text;
begin
  select string_agg(talkme.say(case when jsonb_strip_nulls(was) = '{}' then 'said.setting_new' else 'said.setting_change' end, jsonb_build_object(
    'column', k, 'was', coalesce(was ->> k, 'null'), 'now', coalesce(is_now ->> k, 'null')
  )), ', ' order by k) into changes
  -- Its name has been said, and how the windows open follows from them.
  from jsonb_object_keys(is_now - '{account,id_campanha,open_minutes}'::text[]) as k
  where was ->> k is distinct from is_now ->> k;
  return case
    when changes is null then talkme.say('said.setting_same', jsonb_build_object('setting', setting))
    else talkme.say('said.setting', jsonb_build_object('setting', setting, 'changes', changes))
  end;
end
$$;

comment on function talkme.say_setting(text, jsonb, jsonb) is 'What was changed in a setting, in a sentence';

revoke execute on function talkme.say_setting(text, jsonb, jsonb) from public;


-- ---- settings/set-campaign.sql ba6ed38dacad ----

create or replace function talkme.set_campaign(
  id_campanha bigint, changes jsonb, reason text default null, account text default 'default'
) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  was    talkme.campaign;
  c      talkme.campaign;
begin
  perform talkme.check_setting_changes('campaign', changes, array[
    'name', 'required_variables', 'active', 'rate_per_second', 'sending_window', 'recipient_gap', 'duplicate_window', 'on_duplicate',
    'burst_limit'
  ]);
  select * into was from talkme.campaign as r
  where r.account = set_campaign.account and r.id_campanha = set_campaign.id_campanha for update;
  begin
    c := jsonb_populate_record(was, changes);
  exception when data_exception then
    perform talkme.refuse_setting_value('campaign', sqlerrm);
  end;
  if c.name is null then
    perform talkme.refuse_setting_value('campaign', talkme.say('setting_name'));
  end if;

  perform set_config('talkme.action', 'set_campaign', true), set_config('talkme.reason', reason, true);
  insert into talkme.campaign as r (
    account, id_campanha, name, required_variables, active, rate_per_second, sending_window, recipient_gap, duplicate_window,
    on_duplicate, burst_limit
  ) values (
    set_campaign.account, set_campaign.id_campanha, c.name, coalesce(c.required_variables, '{}'), coalesce(c.active, true),
    c.rate_per_second, c.sending_window, c.recipient_gap, c.duplicate_window, coalesce(c.on_duplicate, 'refuse'), c.burst_limit
  )
  on conflict on constraint campaign_pkey do update set
    name = excluded.name, required_variables = excluded.required_variables, active = excluded.active,
    rate_per_second = excluded.rate_per_second, sending_window = excluded.sending_window, recipient_gap = excluded.recipient_gap,
    duplicate_window = excluded.duplicate_window, on_duplicate = excluded.on_duplicate, burst_limit = excluded.burst_limit
  returning * into c;
  perform set_config('talkme.action', '', true), set_config('talkme.reason', '', true);
  return talkme.say_setting(format('talkme.campaign %s', c.id_campanha), coalesce(to_jsonb(was), '{}'), to_jsonb(c));
end
$$;

comment on function talkme.set_campaign(bigint, jsonb, text, text) is
  'Changes the settings of a campaign, or registers it: changes is an object of columns of talkme.campaign and values, null for none. retention and delete_after are for the owner of the schema';

revoke execute on function talkme.set_campaign(bigint, jsonb, text, text) from public;
grant execute on function talkme.set_campaign(bigint, jsonb, text, text) to talkme_operator;


-- ---- settings/set-account.sql afd97efba679 ----

create or replace function talkme.set_account(account text, changes jsonb, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  was talkme.account;
  a   talkme.account;
begin
  perform talkme.check_setting_changes('account', changes, '{sending_window,recipient_gap}');
  select * into was from talkme.account as r where r.account = set_account.account for update;
  begin
    a := jsonb_populate_record(was, changes);
  exception when data_exception then
    perform talkme.refuse_setting_value('account', sqlerrm);
  end;

  perform set_config('talkme.action', 'set_account', true), set_config('talkme.reason', reason, true);
  insert into talkme.account as r (account, sending_window, recipient_gap)
  values (set_account.account, a.sending_window, a.recipient_gap)
  on conflict on constraint account_pkey do update set
    sending_window = excluded.sending_window, recipient_gap = excluded.recipient_gap
  returning * into a;
  perform set_config('talkme.action', '', true), set_config('talkme.reason', '', true);
  return talkme.say_setting(format('talkme.account %s', a.account), coalesce(to_jsonb(was), '{}'), to_jsonb(a));
end
$$;

comment on function talkme.set_account(text, jsonb, text) is
  'Changes the sending window and the gap between two messages of an account: changes is an object of columns of talkme.account and values, null for none. retention and delete_after are for the owner of the schema';

revoke execute on function talkme.set_account(text, jsonb, text) from public;
grant execute on function talkme.set_account(text, jsonb, text) to talkme_operator;


-- ---- settings/set-holiday.sql af7e929d6f68 ----

create or replace function talkme.set_holiday(day date, name text, state text default '*', reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  changed boolean;
begin
  perform set_config('talkme.action', 'set_holiday', true), set_config('talkme.reason', reason, true);
  if name is null then
    delete from talkme.holiday as h where h.day = set_holiday.day and h.state = set_holiday.state;
  else
    insert into talkme.holiday as h (day, state, name) values (set_holiday.day, set_holiday.state, set_holiday.name)
    on conflict on constraint holiday_pkey do update set name = excluded.name where h.name <> excluded.name;
  end if;
  changed := found;
  perform set_config('talkme.action', '', true), set_config('talkme.reason', '', true);
  return case
    when not changed then talkme.say('said.setting_same', jsonb_build_object('setting', format('talkme.holiday %s %s', day, state)))
    when name is null then talkme.say('said.holiday_removed', jsonb_build_object('day', day, 'state', state))
    else talkme.say('said.holiday', jsonb_build_object('day', day, 'state', state))
  end;
end
$$;

comment on function talkme.set_holiday(date, text, text, text) is
  'Makes a day a holiday of a state, or of the whole country (*): no sending window opens. Without a name (null), it is one no more';

revoke execute on function talkme.set_holiday(date, text, text, text) from public;
grant execute on function talkme.set_holiday(date, text, text, text) to talkme_operator;


-- ---- policy/configure-account.sql 7a689bcbd9e6 ----

create or replace function talkme.configure_account(
  account text, sending_window text default null, retention interval default null, delete_after interval default null
) returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  changed boolean;
  refusal record;
begin
  select * into refusal
  from talkme.below_retention_floor(configure_account.account, configure_account.retention, configure_account.delete_after)
  limit 1;
  if found then
    raise exception using
      errcode = 'check_violation', schema = 'talkme', table = 'account', constraint = refusal.rule,
      message = refusal.complaint,
      hint = 'See talkme.retention_floor. The owner of the schema may also write the time into talkme.account.';
  end if;

  perform set_config('talkme.action', 'configure_account', true);
  insert into talkme.account as a (account, sending_window, retention, delete_after)
  values (configure_account.account, configure_account.sending_window, configure_account.retention, configure_account.delete_after)
  on conflict (account) do update set
    sending_window = coalesce(excluded.sending_window, a.sending_window),
    retention = coalesce(excluded.retention, a.retention),
    delete_after = coalesce(excluded.delete_after, a.delete_after)
  where (a.sending_window, a.retention, a.delete_after) is distinct from (
    coalesce(excluded.sending_window, a.sending_window), coalesce(excluded.retention, a.retention),
    coalesce(excluded.delete_after, a.delete_after)
  );
  changed := found;
  perform set_config('talkme.action', '', true);
  return changed;
end
$$;

comment on function talkme.configure_account(text, text, interval, interval) is
  'Writes what is given into talkme.account and leaves the rest as it is; returns whether that changed anything. syncd calls it at its start with what its YAML file says';

revoke execute on function talkme.configure_account(text, text, interval, interval) from public;
grant execute on function talkme.configure_account(text, text, interval, interval) to talkme_daemon;


-- ---- tables/capture-rule.sql ee0353116300 ----

create table talkme.capture_rule (
  name          text        not null,
  source        regclass    not null,
  schema_name   name        not null,
  condition     text        not null,
  map           jsonb       not null,
  events        text        not null,
  each_time     boolean     not null,
  on_error      text        not null,
  created_by    name        not null default talkme.caller(),
  created_at    timestamptz not null default now(),

  constraint capture_rule_pkey primary key (name),
  -- A malformed map must not make talkme.captures fail for everybody who looks.
  constraint capture_rule_map_object check (jsonb_typeof(map) = 'object')
);

comment on table talkme.capture_rule is 'What talkme.capture was asked for. The triggers are what counts: talkme.captures shows both';
comment on column talkme.capture_rule.name is 'Name of the capture';
comment on column talkme.capture_rule.source is 'The customer''s table';
comment on column talkme.capture_rule.schema_name is 'Where the functions of the capture are: the schema that the table was in';
comment on column talkme.capture_rule.condition is 'Which rows become messages: an SQL expression over the table''s columns';
comment on column talkme.capture_rule.map is 'The outbox''s columns and the SQL expressions that give their values';
comment on column talkme.capture_rule.events is 'insert, update, or insert or update';
comment on column talkme.capture_rule.each_time is 'Whether each update of a row that meets the condition counts, or only one that makes it meet the condition';
comment on column talkme.capture_rule.on_error is 'block: an error fails the customer''s transaction; record: it is written to talkme.capture_error';
comment on column talkme.capture_rule.created_by is 'Who created it';
comment on column talkme.capture_rule.created_at is 'When it was created or last replaced';

grant select on talkme.capture_rule to talkme_operator, talkme_viewer;


-- ---- capture/refuse-capture.sql 360e4a26210a ----

create or replace function talkme.refuse_capture(
  rule text, state text, parameters jsonb default '{}', complaint text default null, remedy text default null
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = state, schema = 'talkme', constraint = rule,
    message = 'talkme.capture: ' || talkme.say(coalesce(complaint, rule), parameters),
    -- PostgreSQL may have one of its own.
    hint = coalesce(parameters ->> 'hint', talkme.say(coalesce(remedy, complaint || '.hint', rule || '.hint'), parameters));
end
$$;

comment on function talkme.refuse_capture(text, text, jsonb, text, text) is 'Refuses a request for a capture under the name of a rule, in the words of its phrase and hint, or of others';

revoke execute on function talkme.refuse_capture(text, text, jsonb, text, text) from public;
grant execute on function talkme.refuse_capture(text, text, jsonb, text, text) to talkme_producer;


-- ---- capture/without-values.sql 4397e76acd91 ----

-- PostgreSQL quotes the value that it could not read, which may be personal data.
create or replace function talkme.without_values(message text) returns text
language sql immutable parallel safe
return pg_catalog.regexp_replace(
  talkme.hide_numbers(pg_catalog.regexp_replace(message, '(: )".*"', E'\\1"..."', 'g')), '[(](number|address)[)]', '...', 'g'
);

comment on function talkme.without_values(text) is
  'An error''s message without what may be personal data: quoted input, addresses, long numbers';

revoke execute on function talkme.without_values(text) from public;
grant execute on function talkme.without_values(text) to talkme_producer;


-- ---- capture/may-record.sql d8788a841273 ----

-- Within a capture the current user is the owner of its functions, whoever changed the row.
create or replace function talkme.may_record(capture text, who name) returns boolean
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select
    from talkme.capture_rule as r
    join pg_trigger as t
      on t.tgrelid = r.source and t.tgname in ('talkme_capture_' || r.name || '_insert', 'talkme_capture_' || r.name || '_update')
    join pg_proc as p on p.oid = t.tgfoid
    where r.name = may_record.capture and r.on_error = 'record' and pg_has_role(who, p.proowner, 'usage')
  );
end;

comment on function talkme.may_record(text, name) is 'Whether a capture records its errors, and a role may report them';

revoke execute on function talkme.may_record(text, name) from public;
grant execute on function talkme.may_record(text, name) to talkme_producer;


-- ---- tables/capture-error.sql 7cac5c332098 ----

create table talkme.capture_error (
  id            bigint      generated always as identity,
  at            timestamptz not null default now(),
  capture       text        not null,
  source        text        not null,
  event         text        not null,
  key           jsonb,
  entry         text,
  sqlstate      text        not null,
  rule          text,
  message       text        not null,
  hint          text        not null,
  written_by    name        not null default talkme.caller(),

  constraint capture_error_pkey primary key (id)
);

comment on table talkme.capture_error is 'Rows that a capture with on_error => ''record'' could not turn into a message: nothing was sent for them';
comment on column talkme.capture_error.id is 'Number of the entry';
comment on column talkme.capture_error.at is 'When the transaction began';
comment on column talkme.capture_error.capture is 'Name of the capture';
comment on column talkme.capture_error.source is 'The customer''s table, or its partition';
comment on column talkme.capture_error.event is 'INSERT or UPDATE';
comment on column talkme.capture_error.key is 'Primary key of their row; without columns that give the recipient';
comment on column talkme.capture_error.entry is 'The entry of the map that failed, or when; null if the outbox refused the row as a whole';
comment on column talkme.capture_error.sqlstate is 'The SQLSTATE';
comment on column talkme.capture_error.rule is 'The constraint, where there is one';
comment on column talkme.capture_error.message is 'What went wrong; values are left out';
comment on column talkme.capture_error.hint is 'What to do';
comment on column talkme.capture_error.written_by is 'Who changed the captured row, or called record_capture_error, as the owner of its table may';

create index capture_error_capture on talkme.capture_error (capture, at);

alter table talkme.capture_error enable row level security;

create policy capture_error_everybody on talkme.capture_error to public using (true) with check (true);

create policy capture_error_producer on talkme.capture_error as restrictive for insert to talkme_producer
with check (talkme.may_record(capture, current_user));

comment on policy capture_error_everybody on talkme.capture_error is 'Grants decide what a role may do with the table';

comment on policy capture_error_producer on talkme.capture_error is 'A producer reports the errors of its own captures';

grant select on talkme.capture_error to talkme_operator, talkme_viewer;
grant insert (capture, source, event, key, entry, sqlstate, rule, message, hint) on talkme.capture_error to talkme_producer;


-- ---- capture/record-capture-error.sql 0aaf4c1bf765 ----

-- With the rights of the caller: nobody reports errors of another's capture.
create or replace function talkme.record_capture_error(
  capture text, source text, event text, key jsonb, entry text, sqlstate text, rule text, message text, hint text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not talkme.may_record(capture, current_user) then
    perform talkme.refuse_capture(
      'capture_known', '42704', jsonb_build_object('name', quote_ident(capture), 'caller', current_user), 'capture_known.recording'
    );
  end if;
  insert into talkme.capture_error (capture, source, event, key, entry, sqlstate, rule, message, hint)
  values (capture, source, event, key, entry, sqlstate, rule, message, hint);
end
$$;

comment on function talkme.record_capture_error(text, text, text, jsonb, text, text, text, text, text) is
  'Writes an entry of talkme.capture_error; captures call it';

revoke execute on function talkme.record_capture_error(text, text, text, jsonb, text, text, text, text, text) from public;
grant execute on function talkme.record_capture_error(text, text, text, jsonb, text, text, text, text, text) to talkme_producer;


-- ---- capture/capture-failed.sql 2daa48ac17b2 ----

-- Runs with the rights of the table's owner, like the capture itself: evaluates the expressions again, one by one.
create or replace function talkme.capture_failed(
  capture text, functions text, on_error text, entries text[], captured anyelement, source regclass, event text,
  state text, rule text, message text, remedy text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  culprit text;
  key     jsonb;
begin
  -- A second try may cure it, or nobody can: the application gets it, whatever the capture does with errors.
  if left(state, 2) in ('40', '53', '57', '58', 'XX') then
    raise exception using errcode = state, message = talkme.say(
      'capture_failed.server', jsonb_build_object('capture', capture, 'fault', talkme.without_values(message))
    );
  end if;

  -- Not the row's fault: somebody has dropped a part of the capture.
  if to_regprocedure(format('%s_map(%s, text)', functions, pg_typeof(captured))) is null then
    raise exception using
      errcode = state, constraint = 'capture_broken',
      message = talkme.say('capture_broken', jsonb_build_object('capture', capture)),
      hint = talkme.say('capture_broken.hint', jsonb_build_object('capture', capture));
  end if;

  begin
    execute format('select key from %s_map($1, ''key'')', functions) using captured into key;
  exception when others then null;
  end;
  foreach culprit in array array['when'] || entries loop
    begin
      if culprit = 'when' then
        execute format('select %s_when($1)', functions) using captured;
      else
        execute format('select from %s_map($1, $2)', functions) using captured, culprit;
      end if;
    exception when others then
      message := sqlerrm;
      exit;
    end;
    culprit := null;
  end loop;

  message := regexp_replace(talkme.without_values(message), '^captur[ea] [^[:space:]]+: ', '');
  culprit := coalesce(culprit, (select e from unnest(entries) as e where message ~ (E'\\m' || e || E'\\M') order by length(e) desc limit 1));
  remedy := coalesce(
    nullif(remedy, ''),
    talkme.say('capture_failed.hint', jsonb_build_object('capture', capture))
  );
  if on_error = 'record' then
    perform talkme.record_capture_error(
      capture, source::text, event, key, culprit, state, nullif(rule, ''), message,
      remedy || ' ' || talkme.say('capture_failed.recorded')
    );
    return;
  end if;
  raise exception using
    errcode = state,
    constraint = coalesce(nullif(rule, ''), 'capture_failed'),
    message = talkme.say('capture_failed', jsonb_build_object(
      'capture', capture, 'entry', coalesce(culprit, talkme.say('capture_failed.message')), 'fault', message
    )),
    detail = talkme.say('capture_failed.row', jsonb_build_object(
      'table', source::text, 'key', coalesce(key::text, talkme.say('capture_failed.keyless'))
    )),
    hint = remedy;
end
$$;

comment on function talkme.capture_failed(text, text, text, text[], anyelement, regclass, text, text, text, text, text) is
  'Finds which expression of a capture fails for a row, and raises or records it; captures call it';

revoke execute on function talkme.capture_failed(text, text, text, text[], anyelement, regclass, text, text, text, text, text) from public;
grant execute on function talkme.capture_failed(text, text, text, text[], anyelement, regclass, text, text, text, text, text) to talkme_producer;


-- ---- capture/check-one-expression.sql e9a14ee67aa1 ----

-- Only PostgreSQL's own parser can say that a text is one expression, and nothing that closes a parenthesis and goes on. The
-- parser reads the whole string before it looks at the first statement, which always fails: nothing of the text is ever looked
-- up or run. The text has to be well-formed in each of three surroundings:
--
--   (...)          an open quote, dollar quote or comment never ends: nothing that could end it follows
--   array[...]     a parenthesis that the text closes without opening it does not fit the bracket
--   case ... end   it is one expression and not a list
--
-- What is well-formed in all three is one expression with balanced brackets, and may stand in parentheses anywhere. The
-- newline ends a comment.
create or replace function talkme.check_one_expression(expression text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
as $$
declare
  surroundings text;
begin
  foreach surroundings in array array[E'(%s\n)', E'array[%s\n]', E'case when true then %s\n end'] loop
    begin
      execute 'select from pg_catalog.talkme_only_parses; select ' || replace(surroundings, '%s', expression);
    exception
      when undefined_table then
        if sqlerrm !~ 'talkme_only_parses' then
          raise;
        end if;
    end;
  end loop;
end
$$;

comment on function talkme.check_one_expression(text) is
  'Raises the parser''s error unless the text is a single SQL expression; runs nothing of it';

revoke execute on function talkme.check_one_expression(text) from public;
grant execute on function talkme.check_one_expression(text) to talkme_producer;


-- ---- capture/capture-types.sql f75755890bb5 ----

create or replace function talkme.capture_types() returns jsonb
language sql immutable parallel safe
return '{
  "account": "pg_catalog.text", "id_campanha": "bigint", "id_wpp": "bigint", "numero_dest": "pg_catalog.text",
  "email_dest": "pg_catalog.text", "txtmsg": "pg_catalog.text", "assunto": "pg_catalog.text",
  "info_contato": "pg_catalog.jsonb", "priority": "smallint", "send_at": "timestamp with time zone",
  "expires_at": "timestamp with time zone", "dedupe_key": "pg_catalog.text", "max_attempts": "smallint",
  "on_unknown": "pg_catalog.text", "metadata": "pg_catalog.jsonb"
}'::jsonb;

comment on function talkme.capture_types() is 'The columns of the outbox that a map may give, and their types';

revoke execute on function talkme.capture_types() from public;
grant execute on function talkme.capture_types() to talkme_producer;


-- ---- capture/capture-expression.sql 80af5a10d73a ----

create or replace function talkme.capture_expression(entry text, value jsonb) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case jsonb_typeof(value)
    when 'string' then value #>> '{}'
    when 'number' then value #>> '{}'
    when 'boolean' then value #>> '{}'
    when 'object' then case
      when value - 'value' <> '{}' or jsonb_typeof(value -> 'value') = 'null' then null
      when entry = 'metadata' or entry = 'info_contato' and jsonb_typeof(value -> 'value') = 'object'
        then quote_literal((value -> 'value')::text)
      when entry <> 'info_contato' and jsonb_typeof(value -> 'value') in ('string', 'number', 'boolean')
        then quote_literal(value ->> 'value')
    end
  end;
end;

comment on function talkme.capture_expression(text, jsonb) is 'The SQL expression that an entry of a map stands for; null if it is none';

revoke execute on function talkme.capture_expression(text, jsonb) from public;
grant execute on function talkme.capture_expression(text, jsonb) to talkme_producer;


-- ---- capture/check-capture-request.sql b8f8c6735446 ----

-- Also checks what is registered without talkme.capture, such as what that prints: the list takes nothing whose form
-- talkme.capture would refuse. The functions say whether the expressions fit the table.
create or replace function talkme.check_capture_request(
  name text, condition text, map jsonb, events text, each_time boolean, on_error text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
as $$
declare
  longest   constant integer := 10000;
  types     constant jsonb := talkme.capture_types();
  variables constant text[] := talkme.known_variables();
  entry     record;
begin
  if name is null or name !~ '^[a-z][a-z0-9_]{0,39}$' then
    perform talkme.refuse_capture(
      'capture_name', '42602', jsonb_build_object('name', left(name, 100))
    );
  end if;
  if events is null or events not in ('insert', 'update', 'insert or update') then
    perform talkme.refuse_capture(
      'capture_events', '22023'
    );
  end if;
  if on_error is null or on_error not in ('block', 'record') then
    perform talkme.refuse_capture(
      'capture_on_error', '22023'
    );
  end if;
  if each_time is null then
    perform talkme.refuse_capture(
      'capture_settings', '22004'
    );
  end if;
  if condition is null or length(condition) > longest then
    perform talkme.refuse_capture(
      'capture_when', '22023', jsonb_build_object('characters', length(condition), 'longest', longest),
      case when condition is null then 'capture_when.none' else 'capture_when.length' end, 'capture_when.hint'
    );
  end if;
  if map is null or jsonb_typeof(map) <> 'object' then
    perform talkme.refuse_capture(
      'capture_map_object', '22023'
    );
  end if;
  for entry in select key, talkme.capture_expression(key, value) as expression from jsonb_each(map) loop
    if not types ? entry.key and (entry.key !~ '^info_contato[.]' or substr(entry.key, 14) <> all (variables)) then
      perform talkme.refuse_capture(
        'capture_map_known', '42703', jsonb_build_object(
          'entry', quote_ident(left(entry.key, 63)), 'columns', (select string_agg(t, ', ') from jsonb_object_keys(types) as t),
          'variables', array_to_string(variables, ', ')
        )
      );
    end if;
    if entry.expression is null then
      perform talkme.refuse_capture(
        'capture_map_value', '22023', jsonb_build_object('entry', entry.key),
        remedy => case when entry.key = 'info_contato' then 'capture_map_value.info_contato.hint' end
      );
    end if;
    if length(entry.expression) > longest then
      perform talkme.refuse_capture(
        'capture_map_value', '22023',
        jsonb_build_object('entry', entry.key, 'characters', length(entry.expression), 'longest', longest),
        'capture_map_value.length'
      );
    end if;
  end loop;
  if map ? 'info_contato' and exists (select from jsonb_object_keys(map) as k where k ^@ 'info_contato.') then
    perform talkme.refuse_capture(
      'capture_map_info_contato', '22023'
    );
  end if;
  if not map ?| array['numero_dest', 'email_dest'] then
    perform talkme.refuse_capture(
      'capture_recipient_given', '22023'
    );
  end if;
  if not map ?| array['id_campanha', 'id_wpp'] then
    perform talkme.refuse_capture(
      'capture_target_given', '22023'
    );
  end if;
end
$$;

comment on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) is
  'Refuses a capture whose name, settings or map have the wrong form, and says what is wrong where';

revoke execute on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) from public;
grant execute on function talkme.check_capture_request(text, text, jsonb, text, boolean, text) to talkme_producer;


-- ---- capture/capture-part.sql ee28e53a6e00 ----

create type talkme.capture_part as (entry text, type text, expression text, columns text[]);

comment on type talkme.capture_part is
  'An expression of a capture, the condition (when) or an entry of its map, with its type and the columns of the table that it uses';


-- ---- capture/try-capture-expressions.sql 4f4add89e12d ----

-- Resolves the names in the expressions as the caller would, and all others as written here.
create or replace function talkme.try_capture_expressions(
  caller_path text, source regclass, condition text, map jsonb
) returns talkme.capture_part[]
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
set lock_timeout = '3s'
as $$
declare
  types     constant jsonb := talkme.capture_types();
  tried     talkme.capture_part[] := '{}';
  table_row record;
  probe     text;
  item      record;
  written   text;
  used      text[];
  refused   text;
  state     text;
  offender  text;
  its_owner text;
begin
  -- Tries each expression as a CHECK of an empty copy of the table: there it sees the table's columns by their bare names, and can
  -- have no subquery, aggregate, window or set. The constraint knows which columns and functions it uses. The copy has the name
  -- that the row has in the functions. All of it is rolled back.
  select n.nspname, c.relowner into table_row from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.oid = source;
  probe := format('%I.talkme_row', table_row.nspname);
  begin
    execute format('create table %s (like %s)', probe, source);
    for item in
      select 'when' as key, to_jsonb(coalesce(condition, 'true')) as value, 'boolean' as type
      union all
      select m.key, m.value, coalesce(types ->> m.key, 'pg_catalog.text')
      from jsonb_each(map) as m
    loop
      written := talkme.capture_expression(item.key, item.value);
      begin
        perform talkme.check_one_expression(written);
        perform set_config('search_path', caller_path, true);
        execute format(
          case item.key when 'when' then E'alter table %s add constraint talkme_capture_probe check (%s\n) not valid'
            when 'info_contato' then E'alter table %s add constraint talkme_capture_probe check (pg_catalog.jsonb_typeof(%s\n) is not null) not valid'
            when 'metadata' then E'alter table %s add constraint talkme_capture_probe check (pg_catalog.jsonb_typeof(%s\n) is not null) not valid'
            else E'alter table %s add constraint talkme_capture_probe check (((%s\n)::%s) is not null) not valid' end,
          probe, written, item.type
        );
      exception when others then
        get stacked diagnostics refused = message_text, state = returned_sqlstate, offender = pg_exception_hint;
        perform set_config('search_path', 'pg_catalog, pg_temp', true);
        refused := regexp_replace(refused, ' in check constraints?| of CHECK', '');
        refused := replace(refused, ' at end of input', ' at its end');
        if refused ~ '^function pg_catalog.jsonb_typeof' then
          refused := talkme.say('capture_expression.jsonb');
          state := '42804';
          offender := talkme.say('capture_expression.jsonb.hint');
        end if;
        perform talkme.refuse_capture(
          'capture_expression', state,
          jsonb_build_object(
            'entry', item.key, 'fault', refused, 'table', source::text, 'type', replace(item.type, 'pg_catalog.', ''),
            'hint', nullif(offender, '')
          ),
          case item.key when 'when' then 'capture_expression.when' else 'capture_expression.entry' end
        );
      end;
      perform set_config('search_path', 'pg_catalog, pg_temp', true);

      used := array(
        select coalesce(a.attname, '')
        from pg_constraint as c cross join unnest(c.conkey) as number
        left join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = number and number > 0
        where c.conrelid = probe::regclass and c.conname = 'talkme_capture_probe'
        order by number
      );
      if '' = any (used) then
        perform talkme.refuse_capture(
          'capture_expression', '42703', jsonb_build_object('entry', item.key), 'capture_expression.row'
        );
      end if;
      select a.attname into offender
      from pg_attribute as a
      where a.attrelid = source and a.attname = any (used) and a.attgenerated = 'v';
      if found then
        perform talkme.refuse_capture(
          'capture_expression', '0A000', jsonb_build_object('entry', item.key, 'column', quote_ident(offender)),
          'capture_expression.virtual'
        );
      end if;

      -- Whoever can change a function that the owner runs acts as the owner. The schema's owner can anyway: its triggers run with the
      -- rights of whoever inserts a message.
      select coalesce(p.oid::regprocedure::text, t.oid::regtype::text), coalesce(p.proowner, t.typowner)::regrole::text
      into offender, its_owner
      from pg_constraint as c
      join pg_depend as d on d.classid = 'pg_constraint'::regclass and d.objid = c.oid
      left join pg_operator as o on d.refclassid = 'pg_operator'::regclass and o.oid = d.refobjid
      left join pg_proc as p on p.oid = case d.refclassid when 'pg_proc'::regclass then d.refobjid else o.oprcode end
      left join pg_type as t on d.refclassid = 'pg_type'::regclass and t.oid = d.refobjid and t.typtype = 'd'
      where c.conrelid = probe::regclass and c.conname = 'talkme_capture_probe'
        and not pg_has_role(coalesce(p.proowner, t.typowner), table_row.relowner, 'member')
        and coalesce(p.proowner, t.typowner) <> (select nspowner from pg_namespace where nspname = 'talkme')
      limit 1;
      if found then
        perform talkme.refuse_capture(
          'capture_function_owner', '42501', jsonb_build_object(
            'entry', item.key, 'function', offender, 'owner', its_owner, 'table_owner', pg_get_userbyid(table_row.relowner)
          )
        );
      end if;
      for offender in
        select p.oid::regprocedure::text
        from pg_constraint as c
        join pg_depend as d on d.classid = 'pg_constraint'::regclass and d.objid = c.oid and d.refclassid = 'pg_proc'::regclass
        join pg_proc as p on p.oid = d.refobjid
        join pg_language as l on l.oid = p.prolang
        where c.conrelid = probe::regclass and c.conname = 'talkme_capture_probe'
          and l.lanname not in ('internal', 'c') and p.prosqlbody is null
          and not exists (select from unnest(p.proconfig) as s where s like 'search_path=%')
      loop
        raise warning using
          message = talkme.say('capture.path', jsonb_build_object('entry', item.key, 'function', offender)),
          hint = talkme.say('capture.path.hint', jsonb_build_object('function', offender));
      end loop;

      execute format('alter table %s drop constraint talkme_capture_probe', probe);
      tried := tried || row(item.key, item.type, written, used)::talkme.capture_part;
    end loop;
    -- Undoes the copy; variables keep their values.
    raise exception using errcode = 'TKM00';
  exception when sqlstate 'TKM00' then null;
  end;
  perform set_config('search_path', 'pg_catalog, pg_temp', true);
  return tried;
end
$$;

comment on function talkme.try_capture_expressions(text, regclass, text, jsonb) is
  'Refuses the expressions of a capture that could not run for each row of the table; returns them with the columns that they use';

revoke execute on function talkme.try_capture_expressions(text, regclass, text, jsonb) from public;
grant execute on function talkme.try_capture_expressions(text, regclass, text, jsonb) to talkme_producer;


-- ---- capture/write-capture.sql 23709dd70ce0 ----

-- Writes the statements and runs none: talkme.capture prints them, or runs them for its caller.
create or replace function talkme.write_capture(
  source regclass, parts talkme.capture_part[], map jsonb, name text, events text, each_time boolean, on_error text
) returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
as $$
declare
  types        constant jsonb := talkme.capture_types();
  table_row    record;
  owner_name   name;
  part         talkme.capture_part;
  written      text;
  condition    text;
  when_columns text[] := '{}';
  map_columns  text[] := '{}';
  personal     text[] := '{}';
  entries      text[] := '{}';
  targets      text[] := '{}';
  fields       text[] := '{}';
  info_fields  text[] := '{}';
  key_columns  text[];
  in_row       text;
  functions    text;
  body         text;
  tag          text := '$talkme$';
  insertion    text;
  statements   text[] := '{}';
begin
  select c.relname, n.nspname, pg_get_userbyid(c.relowner) as owner into table_row
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where c.oid = source;
  owner_name := table_row.owner;

  foreach part in array parts loop
    if part.entry = 'when' then
      when_columns := part.columns;
      condition := part.expression;
      continue;
    end if;
    map_columns := map_columns || part.columns;
    entries := entries || part.entry;
    if part.entry ~ '^(numero_dest|email_dest|info_contato[.](nome|documento|email|telefone.|endereco))$' then
      personal := personal || part.columns;
    end if;
    written := format(
      E'case when $2 is null or $2 operator(pg_catalog.=) %L then (%s\n      )::%s end', part.entry, part.expression, part.type
    );
    if part.entry ^@ 'info_contato.' then
      info_fields := info_fields || format(E'      %L, %s', substr(part.entry, 14), written);
    else
      targets := targets || part.entry;
      fields := fields || format('    %s as %s', written, part.entry);
    end if;
  end loop;

  key_columns := array(
    select a.attname
    from pg_index as i cross join unnest(i.indkey) with ordinality as k (number, place)
    join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number
    where i.indrelid = source and i.indisprimary and a.attname <> all (personal) and coalesce(a.attgenerated, '') <> 'v'
    order by k.place
  );
  functions := format('%I.talkme_capture_%s', table_row.nspname, name);

  -- Values under the names that the expressions use. $1 is the row: a column may have any name.
  select coalesce(E'\n  from (select ' || string_agg(format('($1).%1$I as %1$I', c), ', ') || ') as talkme_row', '')
  into in_row from (select distinct c from unnest(when_columns) as c order by c) as c;
  statements := statements || format(
    E'create function %s_when(captured %s) returns boolean\nlanguage sql\nbegin atomic\n  select (%s\n  )::boolean%s;\nend',
    functions, format('%I.%I', table_row.nspname, table_row.relname), condition, in_row
  );

  select coalesce(E'\n  from (select ' || string_agg(format('($1).%1$I as %1$I', c), ', ') || ') as talkme_row', '')
  into in_row from (select distinct c from unnest(map_columns) as c order by c) as c;
  if info_fields <> '{}' then
    targets := targets || text 'info_contato';
    fields := fields || format(
      E'    pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(\n%s\n    )) as info_contato',
      array_to_string(info_fields, E',\n')
    );
  end if;
  fields := fields || case when key_columns = '{}' then '    null::pg_catalog.jsonb as key' else format(
    '    pg_catalog.jsonb_build_object(%s) as key',
    (select string_agg(format('%1$L, ($1).%1$I', c), ', ') from unnest(key_columns) as c)
  ) end;
  statements := statements || format(
    E'create function %s_map(\n  captured %s, entry pg_catalog.text,\n  %s,\n  out key pg_catalog.jsonb\n)\nlanguage sql\nbegin atomic\n  select\n%s%s;\nend',
    functions, format('%I.%I', table_row.nspname, table_row.relname),
    (select string_agg(format('out %s %s', t, types ->> t), ', ' order by place) from unnest(targets) with ordinality as u (t, place)),
    array_to_string(fields, E',\n'), in_row
  );

  insertion := format(
    E'insert into talkme.outbox (%s)\n%%1$svalues (%s)\n%%1$son conflict do nothing;',
    array_to_string(targets, ', '),
    (select string_agg(case t
      when 'account' then 'coalesce(mapped.account, '''')'
      when 'priority' then 'coalesce(mapped.priority, 0)'
      when 'send_at' then 'coalesce(mapped.send_at, now())'
      when 'info_contato' then 'nullif(mapped.info_contato, ''{}'')'
      else 'mapped.' || t
    end, ', ' order by place) from unnest(targets) with ordinality as u (t, place))
  );
  insertion := format(
    E'%%1$sperform set_config(''talkme.capture'', %s, true);\n%%1$s%s\n%%1$sperform set_config(''talkme.capture'', '''', true);\n',
    quote_literal(name) || ' || '' '' || tg_relid::regclass || '' '' || coalesce(mapped.key::text, ''(no primary key)'')',
    insertion
  );
  body := concat(
    E'\ndeclare\n  mapped record;\n  rule   text;\n  remedy text;\nbegin\n  begin\n',
    format(E'    if %s_when(new) is not true then\n      return null;\n    end if;\n', functions),
    case when events ~ 'update' and not each_time then format(
      E'    if tg_op = ''UPDATE'' then\n      if %s_when(old) then\n        return null;\n      end if;\n    end if;\n', functions
    ) end,
    format(E'    mapped := %s_map(new, null);\n', functions),
    case on_error when 'record' then format(insertion, '    ') end,
    E'  exception when others then\n',
    E'    get stacked diagnostics rule = constraint_name, remedy = pg_exception_hint;\n',
    format(
      E'    perform talkme.capture_failed(\n      %L, %L, %L, %L::text[], new, tg_relid, tg_op, sqlstate, rule, sqlerrm, remedy\n    );\n',
      name, functions, on_error, entries
    ),
    E'    return null;\n  end;\n',
    case on_error when 'block' then format(insertion, '  ') end,
    E'  return null;\nend\n'
  );
  while position(tag in body) > 0 loop
    tag := '$' || replace(tag, '$', '') || '_$';
  end loop;
  statements := statements || format(
    E'create function %s() returns trigger\nlanguage plpgsql\nsecurity definer\nset search_path = pg_catalog, pg_temp\nas %s%s%s',
    functions, tag, body, tag
  );

  if events ~ 'insert' then
    statements := statements || format(
      E'create trigger talkme_capture_%s_insert after insert on %I.%I\n  for each row execute function %s()',
      name, table_row.nspname, table_row.relname, functions
    );
  end if;
  if events ~ 'update' then
    statements := statements || format(
      E'create trigger talkme_capture_%s_update after update on %I.%I\n  for each row%s execute function %s()',
      name, table_row.nspname, table_row.relname,
      case when not each_time then format(
        E' when (pg_catalog.record_image_ne(row(%s), row(%s)))\n ',
        (select string_agg(format('old.%I', c), ', ') from unnest(when_columns) as c),
        (select string_agg(format('new.%I', c), ', ') from unnest(when_columns) as c)
      ) end,
      functions
    );
  end if;
  foreach written in array array[
    format('%s()', functions),
    format('%s_when(%I.%I)', functions, table_row.nspname, table_row.relname),
    format('%s_map(%I.%I, pg_catalog.text)', functions, table_row.nspname, table_row.relname)
  ] loop
    statements := statements || format('revoke execute on function %s from public', written);
    if owner_name <> current_user then
      statements := statements || format('alter function %s owner to %I', written, owner_name);
    end if;
  end loop;
  statements := statements || format(
    E'select talkme.register_capture(\n  %L, %L, %L,\n  %L,\n  %L, %L, %L\n)',
    name, format('%I.%I', table_row.nspname, table_row.relname), condition, map, events, each_time, on_error
  );
  return statements;
end
$$;

comment on function talkme.write_capture(regclass, talkme.capture_part[], jsonb, text, text, boolean, text) is
  'The statements that create the functions and triggers of a capture, and enter it in talkme.capture_rule';

revoke execute on function talkme.write_capture(regclass, talkme.capture_part[], jsonb, text, text, boolean, text) from public;
grant execute on function talkme.write_capture(regclass, talkme.capture_part[], jsonb, text, text, boolean, text) to talkme_producer;


-- ---- capture/define-capture.sql 23d5771e4464 ----

-- Resolves the names in the expressions as the caller would, and all others as written here. Creating a trigger waits for
-- whoever writes the table, and all later writers wait behind it: so it does not wait for long.
create or replace function talkme.define_capture(
  caller_path text, source regclass, condition text, map jsonb, name text, events text, each_time boolean,
  on_error text, replace boolean, print boolean
) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
set lock_timeout = '3s'
as $$
declare
  table_row    record;
  entry        record;
  parts        talkme.capture_part[];
  statements   text[] := '{}';
  statement    text;
begin
  -- The table ------------------------------------------------------------------------------------------------------
  select c.oid, c.relname, c.relkind, c.relpersistence, c.relowner, n.nspname into table_row
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where c.oid = source;
  if not found then
    perform talkme.refuse_capture('capture_table', '42P01', complaint => 'capture_table.given');
  end if;
  if table_row.relkind not in ('r', 'p') or table_row.relpersistence = 't' or table_row.nspname in ('talkme', 'pg_catalog', 'information_schema') then
    perform talkme.refuse_capture(
      'capture_table', '42809', jsonb_build_object('table', source::text)
    );
  end if;
  if not pg_has_role(table_row.relowner, 'usage') then
    perform talkme.refuse_capture(
      'capture_owner', '42501', jsonb_build_object('table', source::text, 'owner', table_row.relowner::regrole::text)
    );
  end if;

  -- The settings ---------------------------------------------------------------------------------------------------
  name := coalesce(name, table_row.relname);
  events := array_to_string(array(
    select word from regexp_split_to_table(lower(btrim(events) collate "C"), E'\\s+or\\s+') as word order by word
  ), ' or ');
  if num_nulls(each_time, replace, print) > 0 then
    perform talkme.refuse_capture(
      'capture_settings', '22004', complaint => 'capture_settings.all'
    );
  end if;
  perform talkme.check_capture_request(name, coalesce(condition, 'true'), map, events, each_time, on_error);
  if exists (select from talkme.captures as c where c.name = define_capture.name) then
    if not replace then
      perform talkme.refuse_capture(
        'capture_exists', '42710', jsonb_build_object('name', quote_ident(name))
      );
    end if;
    statements := statements || format('select talkme.drop_capture(%L)', name);
  end if;

  for entry in select distinct split_part(key, '.', 1) as key from jsonb_object_keys(map) as key loop
    if not has_schema_privilege(table_row.relowner, 'talkme', 'usage')
      or not has_column_privilege(table_row.relowner, 'talkme.outbox', entry.key, 'insert')
    then
      perform talkme.refuse_capture(
        'capture_producer', '42501', jsonb_build_object('owner', table_row.relowner::regrole::text, 'table', source::text)
      );
    end if;
  end loop;

  parts := talkme.try_capture_expressions(caller_path, source, condition, map);
  if events ~ 'update' and not each_time and (parts[1]).columns = '{}' then
    perform talkme.refuse_capture(
      'capture_when', '22023', complaint => 'capture_when.no_column'
    );
  end if;
  if events = 'update' and table_row.relkind = 'p' then
    raise warning using
      message = talkme.say('capture.moves_unseen', jsonb_build_object('table', source::text)),
      hint = talkme.say('capture.moves_unseen.hint');
  elsif events = 'insert or update' and table_row.relkind = 'p' and not map ? 'dedupe_key' then
    raise warning using
      message = talkme.say('capture.moves_seen', jsonb_build_object('table', source::text)),
      hint = talkme.say('capture.moves_seen.hint');
  end if;

  statements := statements || talkme.write_capture(source, parts, map, name, events, each_time, on_error);
  if print then
    return format(
      E'begin;\nset local search_path = %s;\nset local standard_conforming_strings = on;\nset local lock_timeout = ''3s'';\n\n%s;\n\ncommit;\n',
      coalesce(nullif(caller_path, ''), ''''''), array_to_string(statements, E';\n\n')
    );
  end if;
  perform set_config('search_path', caller_path, true);
  foreach statement in array statements loop
    execute statement;
  end loop;
  perform set_config('search_path', 'pg_catalog, pg_temp', true);
  return talkme.say('capture.on', jsonb_build_object(
    'name', name, 'event', replace(events, ' ', '_'), 'table', source::text,
    'meets', case when each_time then 'each_time' else 'once' end
  ));
end
$$;

comment on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) is
  'Does the work of talkme.capture; the first argument is the search_path by which the expressions are read';

revoke execute on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) from public;
grant execute on function talkme.define_capture(text, regclass, text, jsonb, text, text, boolean, text, boolean, boolean) to talkme_producer;


-- ---- capture/capture.sql 83bdce6dfb84 ----

-- Capture: rows of the customer's own tables become messages, in their own transactions. How to use it: docs/sql.md.
--
-- A capture is a trigger and three functions in the schema of the table, and they belong to the table's owner:
--
--   talkme_capture_NAME_when(row)         whether a row is meant
--   talkme_capture_NAME_map(row, entry)   the values of the outbox's columns; with an entry, that one alone
--   talkme_capture_NAME()                 the trigger's function, SECURITY DEFINER
--
-- So expressions run with the rights of whoever owns the table, never with those of the schema talkme; the application that
-- changes the table needs no right here. The table's owner has to be a producer, or nobody could say who let the messages out.
-- The functions are not in the schema talkme: whoever may create functions there could give one of ours a better match for its
-- arguments, and act as the schema's owner.
--
-- The first two have SQL-standard bodies: names are resolved once, at creation; PostgreSQL follows a renamed column and
-- refuses to drop a used one, as it does for a view.
create or replace function talkme.capture(
  source regclass, "when" text, map jsonb, name text default null, events text default 'insert or update',
  each_time boolean default false, on_error text default 'block', replace boolean default false,
  print boolean default false
) returns text
language sql
return talkme.define_capture(
  pg_catalog.current_setting('search_path'), source, "when", map, name, events, each_time, on_error, replace, print
);

comment on function talkme.capture(regclass, text, jsonb, text, text, boolean, text, boolean, boolean) is
  'Makes a message of each row of your table that comes to meet a condition, in the same transaction; print => true shows what it would create';

revoke execute on function talkme.capture(regclass, text, jsonb, text, text, boolean, text, boolean, boolean) from public;
grant execute on function talkme.capture(regclass, text, jsonb, text, text, boolean, text, boolean, boolean) to talkme_producer;


-- ---- capture/drop-capture.sql 676d1bc90030 ----

create or replace function talkme.drop_capture(name text) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
set lock_timeout = '3s'
as $$
declare
  capture record;
  part    record;
begin
  select c.name, c.source, c.schema_name, c.table_exists into capture
  from talkme.captures as c
  where c.name = drop_capture.name;
  if not found then
    perform talkme.refuse_capture(
      'capture_known', '42704', jsonb_build_object('name', name)
    );
  end if;
  -- First, because it checks who may.
  perform talkme.unregister_capture(name);
  for part in
    select t.tgname, t.tgrelid::regclass as source
    from pg_trigger as t
    where t.tgrelid = capture.source and t.tgparentid = 0
      and t.tgname in ('talkme_capture_' || name || '_insert', 'talkme_capture_' || name || '_update')
  loop
    execute format('drop trigger %I on %s', part.tgname, part.source);
  end loop;
  for part in
    select p.oid::regprocedure as function
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname = capture.schema_name
      and p.proname in ('talkme_capture_' || name, 'talkme_capture_' || name || '_when', 'talkme_capture_' || name || '_map')
    order by p.proname
  loop
    execute format('drop function %s', part.function);
  end loop;
  return talkme.say('capture.dropped', jsonb_build_object('name', name));
end
$$;

comment on function talkme.drop_capture(text) is 'Removes a capture: its trigger and functions. Messages that it inserted stay';

revoke execute on function talkme.drop_capture(text) from public;
grant execute on function talkme.drop_capture(text) to talkme_producer;


-- ---- capture/register-capture.sql b982d16cea2b ----

create or replace function talkme.register_capture(
  name text, source regclass, condition text, map jsonb, events text, each_time boolean, on_error text
) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_class as c where c.oid = source and pg_has_role(talkme.caller(), c.relowner, 'usage')) then
    perform talkme.refuse_capture(
      'capture_owner', '42501', jsonb_build_object('table', source::text, 'caller', talkme.caller()), 'capture_owner.other'
    );
  end if;
  perform talkme.check_capture_request(name, condition, map, events, each_time, on_error);
  -- What is listed has to exist: the triggers that the events need, and the function of the table's owner that they call.
  if (
    select count(*) from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    join pg_proc as p on p.oid = t.tgfoid and p.pronamespace = c.relnamespace and p.proowner = c.relowner
    where t.tgrelid = source and p.proname = 'talkme_capture_' || register_capture.name
      and t.tgname = any (array(
        select 'talkme_capture_' || register_capture.name || '_' || event from regexp_split_to_table(events, ' or ') as event
      ))
  ) < cardinality(regexp_split_to_array(events, ' or ')) then
    perform talkme.refuse_capture(
      'capture_known', '42704', jsonb_build_object('table', source::text, 'name', name), 'capture_known.trigger'
    );
  end if;
  if exists (select from talkme.capture_rule as r where r.name = register_capture.name) then
    perform talkme.refuse_capture(
      'capture_exists', '42710', jsonb_build_object('name', quote_ident(name))
    );
  end if;
  insert into talkme.capture_rule (name, source, schema_name, condition, map, events, each_time, on_error)
  select name, source, n.nspname, condition, map, events, each_time, on_error
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where c.oid = source;
  perform talkme.record_audit('capture', jsonb_build_object('name', name, 'table', source::text), 0, null);
end
$$;

comment on function talkme.register_capture(text, regclass, text, jsonb, text, boolean, text) is
  'Enters a capture into the list; called by talkme.capture, and by what it prints';

revoke execute on function talkme.register_capture(text, regclass, text, jsonb, text, boolean, text) from public;
grant execute on function talkme.register_capture(text, regclass, text, jsonb, text, boolean, text) to talkme_producer;


-- ---- capture/unregister-capture.sql 0fc9f051b727 ----

create or replace function talkme.unregister_capture(name text) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  rule talkme.capture_rule;
  owner oid;
begin
  select * into rule from talkme.capture_rule as r where r.name = unregister_capture.name;
  select c.relowner into owner from pg_class as c where c.oid = rule.source;
  if not pg_has_role(talkme.caller(), coalesce(owner, to_regrole(quote_ident(rule.created_by)), 10), 'usage') then
    perform talkme.refuse_capture(
      'capture_owner', '42501', jsonb_build_object('name', name, 'caller', talkme.caller()), 'capture_owner.drop'
    );
  end if;
  delete from talkme.capture_rule as r where r.name = unregister_capture.name;
  perform talkme.record_audit('drop_capture', jsonb_build_object('name', name, 'table', rule.source::text), 0, null);
end
$$;

comment on function talkme.unregister_capture(text) is 'Takes a capture off the list; talkme.drop_capture calls it';

revoke execute on function talkme.unregister_capture(text) from public;
grant execute on function talkme.unregister_capture(text) to talkme_producer;


-- ---- capture/captures.sql fe9e4900f5d6 ----

create or replace view talkme.captures as
select
  r.name, r.source, r.condition, r.map, r.events, r.each_time, r.on_error, r.created_by, r.created_at,
  (select count(*) from talkme.capture_error as e where e.capture = r.name) as errors,
  case
    when c.oid is null then 'broken: ' || talkme.say('broken.table')
    when f.functions < 3 or f.owner is null then 'broken: ' || talkme.say('broken.functions', jsonb_build_object('schema', r.schema_name))
    when t.triggers < (case r.events when 'insert or update' then 2 else 1 end) then 'broken: ' || talkme.say('broken.trigger')
    when f.owner <> c.relowner then 'broken: ' || talkme.say('broken.owner')
    when jsonb_typeof(r.map) <> 'object' then 'broken: ' || talkme.say('broken.map')
    when not has_schema_privilege(c.relowner, 'talkme', 'usage') or exists (
      -- By number: for a missing column PostgreSQL would raise an error to everybody who looks.
      select from jsonb_object_keys(case jsonb_typeof(r.map) when 'object' then r.map else '{}' end) as k
      left join pg_catalog.pg_attribute as a
        on a.attrelid = 'talkme.outbox'::regclass and a.attname = split_part(k, '.', 1) and a.attnum > 0
      where has_column_privilege(c.relowner, 'talkme.outbox', a.attnum, 'insert') is not true
    ) then 'broken: ' || talkme.say('broken.producer')
    when t.disabled > 0 then 'off: ' || talkme.say('off.trigger')
    else 'on'
  end as status,
  r.schema_name,
  c.oid is not null as table_exists
from talkme.capture_rule as r
left join pg_catalog.pg_class as c on c.oid = r.source
cross join lateral (
  select count(*) as triggers, count(*) filter (where t.tgenabled in ('D', 'R')) as disabled
  from pg_catalog.pg_trigger as t
  where t.tgrelid = r.source and t.tgname in ('talkme_capture_' || r.name || '_insert', 'talkme_capture_' || r.name || '_update')
) as t
cross join lateral (
  select count(distinct p.proname) as functions,
    (array_agg(p.proowner) filter (where p.proname = 'talkme_capture_' || r.name))[1] as owner
  from pg_catalog.pg_proc as p
  join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
  where n.nspname = r.schema_name
    and p.proname in ('talkme_capture_' || r.name, 'talkme_capture_' || r.name || '_when', 'talkme_capture_' || r.name || '_map')
) as f;

comment on view talkme.captures is 'The captures, and whether they work';
comment on column talkme.captures.name is 'Name of the capture';
comment on column talkme.captures.source is 'The customer''s table';
comment on column talkme.captures.condition is 'Which rows become messages, as it was written';
comment on column talkme.captures.map is 'The outbox''s columns and the expressions that give their values, as they were written';
comment on column talkme.captures.events is 'insert, update, or insert or update';
comment on column talkme.captures.each_time is 'Whether each update of a row that meets the condition counts';
comment on column talkme.captures.on_error is 'block or record';
comment on column talkme.captures.created_by is 'Who created it';
comment on column talkme.captures.created_at is 'When it was created or last replaced';
comment on column talkme.captures.errors is 'How many entries it has in talkme.capture_error';
comment on column talkme.captures.status is 'on; off: ... while its trigger is disabled; broken: ... and why';
comment on column talkme.captures.schema_name is 'Where its functions are';
comment on column talkme.captures.table_exists is 'Whether the table is still there';

grant select on talkme.captures to talkme_operator, talkme_producer, talkme_viewer;


-- ---- capture/hold-captured-burst.sql 546c7198682f ----

-- Captured rows come one by one, so hold_burst never sees many: this counts those of a transaction.
create or replace function talkme.hold_captured_burst() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  most     integer;
  counts   jsonb;
  scope    text;
  first_id bigint;
  so_many  integer;
  reason   text;
begin
  select c.burst_limit into most from talkme.campaign as c where c.account = new.account and c.id_campanha = new.id_campanha;
  if most is null then
    return null;
  end if;
  counts := coalesce(nullif(current_setting('talkme.captured', true), ''), '{}');
  scope := new.account || '/' || new.id_campanha;
  first_id := coalesce((counts -> scope ->> 0)::bigint, new.id);
  so_many := coalesce((counts -> scope ->> 1)::integer, 0) + 1;
  perform set_config('talkme.captured', (counts || jsonb_build_object(scope, jsonb_build_array(first_id, so_many)))::text, true);
  if so_many > most then
    reason := format(
      'It is held because its transaction brought more than %s rows to the campaign. talkme.resume(''campaign:%s'') lets them go, talkme.cancel drops it.',
      most, new.id_campanha
    );
    update talkme.outbox as o
    set retry_at = talkme.held_until(), error_code = 'held_burst', error = reason
    where o.id = new.id;
    if so_many = most + 1 then
      -- Takes the earlier ones along; created_at is the time of the transaction.
      update talkme.outbox as o
      set retry_at = talkme.held_until(), error_code = 'held_burst', error = reason
      where o.id >= first_id and o.id < new.id
        and o.account = new.account and o.id_campanha = new.id_campanha
        and o.created_at = new.created_at and o.created_by = new.created_by and o.status = 'pending';
    end if;
  end if;
  return null;
end
$$;

comment on function talkme.hold_captured_burst() is
  'Holds captured rows of a transaction that brings a campaign more of them than its burst_limit';

revoke execute on function talkme.hold_captured_burst() from public;

create or replace trigger hold_captured_burst
  after insert on talkme.outbox
  for each row when (current_setting('talkme.capture', true) <> '')
  execute function talkme.hold_captured_burst();


-- ---- turn/can-claim.sql 479fca372135 ----

-- Without a named standby, or without walsenders, a commit with synchronous_commit = on waits for nobody and says nothing of it.
create or replace function talkme.can_claim(durability text) returns boolean
language sql stable parallel safe
return case when durability = 'standby' then
  current_setting('synchronous_standby_names') <> '' and current_setting('max_wal_senders')::integer > 0
else true end;

comment on function talkme.can_claim(text) is
  'Whether an instance of this durability may claim: with standby, only while commits wait for a synchronous standby';

revoke execute on function talkme.can_claim(text) from public;
grant execute on function talkme.can_claim(text) to talkme_daemon;


-- ---- history/judge-claimer.sql 66b1c8e3d5b6 ----

-- Inlined where it is called, at each claim: it reads two rows and a variable.
--
-- A server has its own start time: one that was promoted, restored or copied has another than the server that was compared
-- last, and so has one that was only restarted. Then talkme.check_history compares identifier and timeline before anything is
-- claimed. So it finds another server also behind a pooler, which the timeline alone does not: a dump restored elsewhere begins
-- with timeline 1, too. Nor does it need a right that some servers refuse.
create or replace function talkme.judge_claimer(claimer text) returns table (epoch integer, durability text, may boolean, stop text)
language sql stable
as $$
  select
    i.epoch, i.durability, talkme.can_claim(i.durability),
    case
      when h.server_started_at is distinct from pg_postmaster_start_time() or h.changed_at is not null
        or i.era is distinct from h.era then 'history_changed'
      when h.claim_durability = 'standby' and i.durability = 'local' then 'local_refused'
    end
  from talkme.instance as i
  left join talkme.history as h on h.singleton
  where i.name = claimer
$$;

comment on function talkme.judge_claimer(text) is
  'The epoch and durability of an instance, whether a standby can confirm its claims, and whether something of talkme.history keeps it from claiming; no row if it is not registered';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.judge_claimer(text) from public;
grant execute on function talkme.judge_claimer(text) to talkme_daemon;


-- ---- history/judge-era.sql 00338230d75e ----

-- A row whose claim provably sent nothing may be pending again only if that claim was the last one. In a part of history that was
-- lost, the row may have been claimed again and sent.
create or replace function talkme.judge_era(era uuid) returns text
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when h.changed_at is null and h.server_started_at = pg_postmaster_start_time() then case
      when judge_era.era is not distinct from h.era or h.complete and judge_era.era is not distinct from h.previous_era then 'holds'
      else 'lost'
    end
    -- Not compared yet; or it may turn out that nothing was lost.
    when h.changed_at is null or h.claim_durability = 'standby' and h.missing_claims = 0 then 'open'
    else 'lost'
  end
  from talkme.history as h;
end;

comment on function talkme.judge_era(uuid) is
  'Whether a claim of this era is known to be the last of its row: holds, lost (another one may have been), or open until the change is acknowledged';

revoke execute on function talkme.judge_era(uuid) from public;
grant execute on function talkme.judge_era(uuid) to talkme_daemon;


-- ---- history/write-acknowledgement.sql 0a14a2e7c52d ----

create or replace function talkme.write_acknowledgement(reason text, complete boolean) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  h talkme.history;
begin
  select * into h from talkme.history;
  update talkme.history set
    system_identifier = h.changed_system_identifier,
    timeline = h.changed_timeline,
    -- No other copy of this database has the same.
    era = gen_random_uuid(),
    previous_era = h.era,
    complete = write_acknowledgement.complete,
    acknowledged_at = clock_timestamp(),
    acknowledged_by = talkme.caller(),
    reason = write_acknowledgement.reason,
    changed_at = null,
    changed_system_identifier = null,
    changed_timeline = null,
    lease_seconds = null,
    request_seconds = null,
    missing_claims = 0,
    witnessed = false,
    last_changed_at = h.changed_at;
  perform talkme.record_audit(
    'acknowledge_history',
    jsonb_build_object(
      'from', jsonb_build_object('system_identifier', h.system_identifier::text, 'timeline', h.timeline),
      'to', jsonb_build_object('system_identifier', h.changed_system_identifier::text, 'timeline', h.changed_timeline),
      'noticed_at', h.changed_at, 'missing_claims', h.missing_claims, 'confirmed_by_standby', complete
    ),
    0, reason
  );
  perform talkme.notify_daemon();
end
$$;

comment on function talkme.write_acknowledgement(text, boolean) is 'Makes the changed database the acknowledged one, and begins an era';

revoke execute on function talkme.write_acknowledgement(text, boolean) from public;


-- ---- history/acknowledge-history.sql 6ec27c70a2da ----

create or replace function talkme.acknowledge_history(reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  s record;
begin
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('acknowledge.reason'),
      hint = talkme.say('acknowledge.reason.hint');
  end if;
  perform from talkme.history for update;
  -- The server may have been restarted or changed again since.
  perform talkme.check_history();
  s := talkme.history_state();
  if not s.changed then
    raise exception using
      errcode = 'object_not_in_prerequisite_state',
      message = talkme.say('acknowledge.unchanged'),
      hint = talkme.say('acknowledge.unchanged.hint');
  elsif s.acknowledgeable_at > clock_timestamp() then
    raise exception using
      errcode = 'object_not_in_prerequisite_state',
      message = talkme.say('acknowledge.early', jsonb_build_object('at', s.acknowledgeable_at)),
      hint = talkme.say('acknowledge.early.hint');
  end if;
  perform talkme.write_acknowledgement(reason, false);
  return talkme.say('acknowledge.done', jsonb_build_object(
    'timeline', coalesce(s.timeline, 'unreadable'), 'server', coalesce(s.system_identifier::text, 'unreadable')
  ));
end
$$;

comment on function talkme.acknowledge_history(text) is
  'After a failover, a restore or a copy: says that what was lost is dealt with, so that syncd sends again. No sooner than a lease and a request time-out after the change was noticed';

revoke execute on function talkme.acknowledge_history(text) from public;
grant execute on function talkme.acknowledge_history(text) to talkme_operator;


-- ---- history/confirm-history.sql 591abf739742 ----

-- A routine failover needs nobody if no claim can have been lost. What shows it has survived the failover itself:
--
-- - claim_durability is standby: instances that do not wait for a standby claim nothing where it says so, and it says so only once
--   none of them was registered for a lease. So a history that says it has every claim that was made without a standby.
-- - An instance has lived through the change and finds its heartbeats in the database: it is no earlier state, to which somebody went
--   back. Without such an instance, nothing shows that.
-- - All others were confirmed by a standby: the database has them, if that one was promoted. Each instance that lives compares
--   what it remembers, and one claim that is missing leaves the decision to a person.
create or replace function talkme.confirm_history() returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  h talkme.history;
  s record := talkme.history_state();
begin
  if s.changed_at is null or s.claim_durability <> 'standby' or s.confirmable_at > clock_timestamp() then
    return false;
  end if;
  select * into h from talkme.history for update;
  if h.changed_at is null or h.claim_durability <> 'standby' or h.missing_claims > 0
    or not h.witnessed
    or h.changed_timeline is null or h.changed_system_identifier is distinct from h.system_identifier
    or (h.changed_system_identifier, h.changed_timeline) is distinct from (s.system_identifier, s.timeline)
    or exists (
      select from talkme.instance as i
      where i.heartbeat_at >= now() - i.lease_seconds * interval '1 second' and i.recalled_at is distinct from h.changed_at
    )
  then
    return false;
  end if;
  perform talkme.write_acknowledgement('a standby had confirmed every claim', true);
  return true;
end
$$;

comment on function talkme.confirm_history() is
  'Acknowledges a failover in which no claim can have been lost, because a standby had confirmed them all; returns whether it did. syncd calls it';

revoke execute on function talkme.confirm_history() from public;
grant execute on function talkme.confirm_history() to talkme_daemon;


-- ---- history/testify.sql 648773a67ee5 ----

-- The first time that it speaks of a change counts for the claims that it misses. The heartbeats may come later than that.
create or replace function talkme.testify(instance text, missing bigint, beats integer) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Heartbeats of a lease: no standby confirms them.
  unconfirmed constant integer := 3;
  noticed     timestamptz;
begin
  select h.changed_at into noticed from talkme.history as h for update;
  if noticed is null then
    return;
  end if;
  if not exists (select from talkme.instance as i where i.name = testify.instance and i.recalled_at = noticed) then
    update talkme.instance as i set recalled_at = noticed where i.name = testify.instance;
    update talkme.history set missing_claims = missing_claims + missing where missing > 0;
  end if;
  update talkme.history set witnessed = true
  where not witnessed and exists (
    select from talkme.instance as i
    where i.name = testify.instance and i.is_witness and i.heartbeat_at > noticed and i.beats >= testify.beats - unconfirmed
  );
end
$$;

comment on function talkme.testify(text, bigint, integer) is
  'An instance says that it has compared the claims that it remembers with a changed database, how many are missing, and how many heartbeats it has sent';

revoke execute on function talkme.testify(text, bigint, integer) from public;
grant execute on function talkme.testify(text, bigint, integer) to talkme_daemon;


-- ---- history/raise-claim-durability.sql 00c84f2b2681 ----

-- Once no instance with TALKME_CLAIM_DURABILITY=local was registered for a lease, and as long as one with standby is. By then, whatever
-- such an instance asked for has ended.
create or replace function talkme.raise_claim_durability() returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  h     talkme.history;
  lease constant interval := interval '1 second' * (select max(i.lease_seconds) from talkme.instance as i);
begin
  select * into h from talkme.history where claim_durability = 'local' and changed_at is null;
  if h.singleton is null or not exists (select from talkme.instance as i where i.durability = 'standby') then
    return false;
  end if;
  select * into h from talkme.history for update;
  if exists (select from talkme.instance as i where i.durability = 'local') then
    update talkme.history set local_gone_at = null where local_gone_at is not null;
    return false;
  elsif h.local_gone_at is null then
    update talkme.history set local_gone_at = clock_timestamp();
    return false;
  elsif h.claim_durability = 'standby' or h.changed_at is not null or h.local_gone_at > clock_timestamp() - lease then
    return false;
  end if;
  update talkme.history set claim_durability = 'standby';
  perform talkme.record_audit(
    'raise_claim_durability', jsonb_build_object('from', 'local', 'to', 'standby'), 0,
    'no instance with TALKME_CLAIM_DURABILITY=local is registered any more'
  );
  return true;
end
$$;

comment on function talkme.raise_claim_durability() is
  'Notes that a standby confirms every claim from now on: instances with TALKME_CLAIM_DURABILITY=local claim nothing any more. syncd calls it';

revoke execute on function talkme.raise_claim_durability() from public;
grant execute on function talkme.raise_claim_durability() to talkme_daemon;


-- ---- history/allow-local-claims.sql c5acf1b734d1 ----

create or replace function talkme.allow_local_claims(reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  setting text;
begin
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('local_claims.reason'),
      hint = talkme.say('local_claims.reason.hint');
  end if;
  -- A standby that does not know of this would take a failover for one in which nothing was lost.
  if current_setting('synchronous_commit') in ('off', 'local', 'remote_write') then
    setting := set_config('synchronous_commit', 'on', true);
  end if;
  update talkme.history set claim_durability = 'local', local_gone_at = null where claim_durability = 'standby';
  if not found then
    return talkme.say('local_claims.unchanged');
  end if;
  perform talkme.record_audit('allow_local_claims', jsonb_build_object('from', 'standby', 'to', 'local'), 0, reason);
  perform talkme.notify_daemon();
  return talkme.say('local_claims.done');
end
$$;

comment on function talkme.allow_local_claims(text) is
  'Lets instances with TALKME_CLAIM_DURABILITY=local claim again, whose claims no standby confirms: a failover has to be acknowledged by a person then';

revoke execute on function talkme.allow_local_claims(text) from public;
grant execute on function talkme.allow_local_claims(text) to talkme_operator;


-- ---- history/history-doubts.sql 4d3ca07bbf2b ----

create or replace function talkme.history_doubts(since timestamptz default '-infinity')
returns table (id bigint, status text, why text, due_at timestamptz, claimed_at timestamptz, instance text, outcome text, reference text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  changed constant timestamptz := (select coalesce(h.changed_at, h.last_changed_at) from talkme.history as h);
begin
  return query
  with doubt as (
    select o.*, case
      when o.status = 'sending' then 'on the wire'
      when o.error_code = 'history_changed' then 'remembered'
      else 'in doubt'
    end as why
    from talkme.outbox as o
    where o.status = 'sending' or o.status = 'unknown' and o.claimed_at > since
    union all
    select o.*, 'due before the change'
    from talkme.outbox as o
    where o.status = 'pending' and o.due_at > since and o.due_at < changed and o.created_at < changed
  )
  select d.id, d.status, coalesce(case when a.attempt > d.fence then 'remembered' end, d.why), d.due_at, d.claimed_at,
    coalesce(a.instance, d.claimed_by), a.outcome, a.reference
  from doubt as d
  left join lateral (
    select t.attempt, t.instance, t.outcome, t.reference
    from talkme.attempt as t
    where t.outbox_id = d.id and t.attempt >= d.fence
    order by t.attempt desc, t.started_at desc
    limit 1
  ) as a on true
  order by d.due_at, d.id;
end
$$;

comment on function talkme.history_doubts(timestamptz) is
  'What may have been sent although no row says so, after a failover, a restore or a copy: what the instances remember, what was on the wire, and what was due before the change. since: leave out what was due or claimed earlier';

revoke execute on function talkme.history_doubts(timestamptz) from public;
grant execute on function talkme.history_doubts(timestamptz) to talkme_operator, talkme_viewer;


-- ---- history/recall-claims.sql 58f7b82c4ab3 ----

-- What an instance remembers of claims that the database may have lost. A row that is pending although its message was sent gets its
-- claim back as unknown; then the answer settles it like any other.
create or replace function talkme.recall_claims(claims json) returns table (id bigint, claim bigint, became text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
  with remembered as materialized (
    select * from json_to_recordset(claims) as c (
      id bigint, claim bigint, claimed_by text, fence integer, seal integer, lane text, due_at_us bigint, age_ms double precision,
      left_us boolean
    )
  ),
  met as materialized (
    select
      c.*, o.id as row_id,
      o.status = 'pending' and o.lane = c.lane and talkme.seal(o.numero_dest, o.email_dest) = c.seal and o.blanked_at is null as is_it,
      round(date_part('epoch', greatest(o.due_at, '1900-01-01')) * 1000000)::bigint = c.due_at_us as in_time
    from remembered as c
    left join talkme.outbox as o on o.id = c.id
    -- A row that is gone may have been deleted, but hardly so soon.
    where o.fence < c.fence or o.id is null and c.age_ms < 600000
  ),
  free as materialized (
    select o.id
    from talkme.outbox as o
    where o.id in (select row_id from met where is_it and left_us) and o.status = 'pending'
    for update skip locked
  ),
  restored as (
    update talkme.outbox as o set
      status     = 'unknown',
      attempts   = o.attempts + 1,
      fence      = met.fence,
      claim      = met.claim,
      claimed_by = met.claimed_by,
      claimed_at = now() - met.age_ms * interval '1 millisecond',
      retry_at   = null,
      error_code = 'history_changed',
      error      = 'The instance ' || met.claimed_by || ' sent it, or was about to, in a part of the database''s history that was lost. '
                   'Look for it in Talk.me before you send it again.'
    from met
    join free on free.id = met.row_id
    where o.id = met.row_id and met.is_it and met.left_us
    returning o.id, o.claim
  )
  select
    met.id, met.claim,
    case
      when (met.id, met.claim) in (select r.id, r.claim from restored as r) then case when in_time then 'restored' else 'doubted' end
      -- Or a trigger keeps it as it is.
      when is_it and left_us then 'locked'
      else 'missing'
    end
  from met;
end
$$;

comment on function talkme.recall_claims(json) is
  'Compares what an instance remembers with the rows: returns the claims that the database has lost, and makes their rows unknown where they were to be sent again';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.recall_claims(json) from public;
grant execute on function talkme.recall_claims(json) to talkme_daemon;


-- ---- turn/fate.sql b36cb8c56b56 ----

create type talkme.fate as (id bigint, due_at timestamptz, until timestamptz, code text);

comment on type talkme.fate is 'What happens to a row that a turn does not send: it ends, or is put off; code says why';


-- ---- turn/answer.sql c24150aa1590 ----

create type talkme.answer as (
  id bigint, fence integer, claim bigint, claimed_by text, seal integer, status text, retry_in_ms double precision, refund integer,
  http_status smallint, reference text, response text, error_code text, error text,
  account text, action text, outcome text, age_ms double precision, duration_ms integer, era uuid
);

comment on type talkme.answer is 'The answer to a row that was sent or could not be, and its attempt';


-- ---- turn/seal.sql 502252137985 ----

-- Identifies the recipient, to find out whether it has changed since the claim. Inlined where it is called.
create or replace function talkme.seal(numero_dest text, email_dest text) returns integer
language sql immutable parallel safe
return hashtext(coalesce(numero_dest, '') || '/' || coalesce(email_dest, ''));

comment on function talkme.seal(text, text) is
  'The recipient as a number: an accepted answer marks a row as sent only if the message went to the recipient that the row still has';

revoke execute on function talkme.seal(text, text) from public;
grant execute on function talkme.seal(text, text) to talkme_daemon;


-- ---- turn/judge-wishes.sql 22f89227177d ----

-- Inlined where it is called.
create or replace function talkme.judge_wishes(wishes json, claimer text) returns table (
  account text, lane text, priority smallint, due_at timestamptz, id bigint, "limit" integer, scan integer,
  open_minutes int4multirange, gap interval, avoid bigint[], allowed boolean
)
language sql stable
as $$
  select
    w.account, w.lane, w.priority,
    coalesce(timestamptz 'epoch' + w.due_at_us * interval '1 microsecond', '-infinity'), w.id, w."limit", w.scan,
    coalesce(c.open_minutes, a.open_minutes), nullif(coalesce(c.recipient_gap, a.recipient_gap), interval '0'), w.avoid,
    -- Nearly always nothing is paused: ask once for all lanes.
    ((select true from talkme.paused limit 1) is null or not exists (
      select from talkme.paused as p
      where p.scope = any (talkme.scopes_of(w.account, l.campaign, l.channel))
    ))
    and coalesce(c.active, true)
    -- If a window, a gap or a rate has changed, the daemon has to look again.
    and (w.rules is null or w.rules = coalesce(a.xmin::text, '') || '/' || coalesce(c.xmin::text, ''))
    and (i.account is null and not w.trial or coalesce(
      i.alarms <= w.alarms
        and case when w.trial then i.trial_by = claimer else i.kind is null and i.not_founds = 0 end,
      false
    ))
  from json_to_recordset(wishes) as w (
    lane text, priority smallint, due_at_us bigint, id bigint, "limit" integer, scan integer,
    account text, campaign bigint, alarms bigint, trial boolean, rules text, avoid bigint[]
  )
  cross join talkme.lane_parts(w.lane) as l
  left join talkme.account as a on a.account = w.account
  left join talkme.campaign as c
    on c.account = w.account and c.id_campanha = w.campaign
  left join talkme.circuit as i on i.account = w.account and i.credential = ''
$$;

comment on function talkme.judge_wishes(json, text) is
  'Which of the wished lanes the daemon may claim from now, from which row on, and by which rules';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.judge_wishes(json, text) from public;
grant execute on function talkme.judge_wishes(json, text) to talkme_daemon;


-- ---- turn/refuse-rewriting.sql c81aa758631a ----

create or replace function talkme.refuse_rewriting(finding text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = 'outbox_settled_as_decided',
    message = format('a trigger of talkme.outbox makes something else of a settled row than was decided: %s', finding),
    hint = 'Correct the trigger: what the API has answered is not for it to change.';
end
$$;

comment on function talkme.refuse_rewriting(text) is 'Refuses a trigger''s change to a row that is being settled';

revoke execute on function talkme.refuse_rewriting(text) from public;
grant execute on function talkme.refuse_rewriting(text) to talkme_daemon;


-- ---- turn/settle-others.sql 0189d676d9a0 ----

-- The answers that talkme.settle_and_claim cannot write in one step: retries, rows that were retried, late answers, and rows that
-- somebody has locked, which are left out. They are rare: a turn without any does not start this statement.
--
-- Planned under the settings of settle_and_claim, which is the only caller.
create or replace function talkme.settle_others(others json) returns table (kind text, id bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  locked     bigint[];
  stale      bigint[];
  gone       bigint[];
  changed    bigint[];
  suppressed bigint[];
  waiting    bigint[];
  lost       bigint[];
  rewritten  text;
begin
  with answer as materialized (
    select
      a.*, o.id is not null as mine, o.first,
      o.id is null and coalesce((
        select r.claim = a.claim and r.claimed_by = a.claimed_by and r.status in ('sending', 'unknown')
        from talkme.outbox as r
        where r.id = a.id
      ), false) as locked,
      -- Provably unsent; but a part of the history was lost, in which the row may have been claimed again and sent.
      case when a.status = 'pending' and o.id is not null then talkme.judge_era(a.era) end as last,
      -- The recipient of the row has changed since the claim.
      a.status <> 'unknown' and not o.blanked and a.seal is distinct from o.seal as changed,
      -- The person was forgotten since: nothing of the answer is kept, neither here nor in the row.
      coalesce(o.blanked, (select r.blanked_at is not null from talkme.outbox as r where r.id = a.id), false) as blanked
    from json_populate_recordset(null::talkme.answer, others) as a
    left join lateral (
      select
        o.id, o.status = 'sending' as first, o.blanked_at is not null as blanked,
        talkme.seal(o.numero_dest, o.email_dest) as seal
      from talkme.outbox as o
      where o.id = a.id and o.claim = a.claim and o.claimed_by = a.claimed_by and o.status in ('sending', 'unknown')
      for update skip locked
    ) as o on true
  ),
  settled as (
    update talkme.outbox as o set
      status      = a.becomes,
      attempts    = o.attempts - a.refund,
      claim       = case a.becomes when 'pending' then null when 'unknown' then a.claim else -a.claim end,
      retry_at    = case when a.becomes = a.status then now() + a.retry_in_ms * interval '1 millisecond' end,
      claimed_by  = case when a.becomes <> 'pending' then o.claimed_by end,
      claimed_at  = case when a.becomes <> 'pending' then o.claimed_at end,
      finished_at = case when a.status in ('sent', 'failed') then now() end,
      http_status = a.http_status,
      reference   = a.reference,
      response    = a.response,
      error_code  = case when a.becomes = a.status then a.error_code else 'history_changed' end,
      error       = case when a.becomes = a.status then a.error else
                      'Its last request sent nothing, but the database has lost a part of its history since, in which it may have been '
                      'sent by another one. Look for it in Talk.me before you send it again.'
                    end
    from (select answer.*, case when last = 'lost' then 'unknown' else status end as becomes from answer) as a
    where a.mine and not a.changed and a.last is distinct from 'open' and o.id = a.id
    returning o.id, a.claim, o.status as became, a.becomes as status, a.blanked, a.last = 'lost' as lost
  ),
  recorded as (
    insert into talkme.attempt (
      outbox_id, attempt, account, action, started_at, duration_ms, outcome,
      http_status, reference, error_code, error, instance, claim
    )
    select
      id, fence, account, action, now() - age_ms * interval '1 millisecond', duration_ms, outcome,
      http_status, case when not blanked then reference end, error_code, case when not blanked then error end, claimed_by,
      claim
    from answer
    where action is not null
      -- An acceptance is recorded even if its row cannot say so now: then nobody sends it again.
      and (outcome = 'accepted' or not locked and (not mine or (id, claim) in (select id, claim from settled)))
      -- The attempt of a claim is recorded once, whatever came before, in time or late, and whatever number an answer gives it.
      and (first and outcome <> 'accepted' or (
        select true from talkme.attempt as t
        where t.outbox_id = answer.id and t.claim = answer.claim
          and t.instance = answer.claimed_by and t.started_at > now() - interval '1 day'
        limit 1
      ) is null)
  )
  select
    coalesce(array_agg(id) filter (where locked), '{}'),
    array_agg(id) filter (where not mine and not locked),
    -- Accepted, but no row says so or can be made to.
    array_agg(id) filter (where not mine and not locked and status = 'sent' and not coalesce((
      select abs(r.claim) = answer.claim and r.claimed_by = answer.claimed_by and r.status = 'sent' from talkme.outbox as r where r.id = answer.id
    ), false)),
    array_agg(id) filter (where mine and changed),
    coalesce(
      array_agg(id) filter (
        where mine and not changed and last is distinct from 'open' and (id, claim) not in (select id, claim from settled)
      ), '{}'
    ),
    array_agg(id) filter (where mine and not changed and last = 'open'),
    (select array_agg(settled.id) from settled where settled.lost),
    (select id || ' ' || became from settled where became <> status and not blanked limit 1)
  into locked, stale, gone, changed, suppressed, waiting, lost, rewritten
  from answer;
  if rewritten is not null then
    perform talkme.refuse_rewriting(rewritten);
  end if;

  kind := 'locked';
  foreach id in array locked loop return next; end loop;
  kind := 'stale';
  foreach id in array coalesce(stale, '{}') loop return next; end loop;
  kind := 'gone';
  foreach id in array coalesce(gone, '{}') loop return next; end loop;
  kind := 'changed';
  foreach id in array coalesce(changed, '{}') loop return next; end loop;
  kind := 'suppressed_settlement';
  foreach id in array suppressed loop return next; end loop;
  kind := 'history_open';
  foreach id in array coalesce(waiting, '{}') loop return next; end loop;
  kind := 'history_lost';
  foreach id in array coalesce(lost, '{}') loop return next; end loop;
end
$$;

comment on function talkme.settle_others(json) is
  'Settles what could not be settled in one step, and records the attempts; returns the rows that stay as they are, and why';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.settle_others(json) from public;
grant execute on function talkme.settle_others(json) to talkme_daemon;


-- ---- turn/claims-confirmed.sql c1622fc110a5 ----

-- PostgreSQL lets a commit that waits for a standby end without a word when synchronous_standby_names is emptied: whoever waits is
-- released as if confirmed. So whoever has claimed asks once more, after the commit. Any reload of the configuration since the
-- claim began counts as if the setting had been empty for a moment. The postmaster signals a reload to the sessions before it
-- signals it to the checkpointer, which releases those who wait: a session that asks after its commit has got the signal.
--
-- The times are those of the server that answers. Behind a pooler another session may answer: it says the same.
create or replace function talkme.claims_confirmed(since_us bigint) returns boolean
language sql volatile
return talkme.can_claim('standby') and pg_conf_load_time() < timestamptz 'epoch' + since_us * interval '1 microsecond';

comment on function talkme.claims_confirmed(bigint) is
  'Whether a claim that began then, and is committed, waited for a synchronous standby';

revoke execute on function talkme.claims_confirmed(bigint) from public;
grant execute on function talkme.claims_confirmed(bigint) to talkme_daemon;


-- ---- turn/pick-restricted.sql 14ac6cbce4b1 ----

-- Which rows a turn of talkme.settle_and_claim takes where a lane is restricted: it has sending windows, or gaps between the
-- messages to one recipient. Locks all rows that it meets. Without restrictions a shorter statement does the work.
--
-- Planned under the settings of settle_and_claim, which is the only caller.
create or replace function talkme.pick_restricted(
  wishes json, claimer text, claimer_epoch bigint, slots integer,
  out registered boolean, out durable text, out stop text, out refused text[], out mine tid[], out fates talkme.fate[]
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  with self as materialized (select * from talkme.judge_claimer(claimer)),
  wish as materialized (select * from talkme.judge_wishes(wishes, claimer)),
  met as materialized (
    select r.*, wish."limit", wish.gap, wish.open_minutes
    from wish
    cross join lateral (
      select
        r.ctid as place, r.id, r.claim, r.lane, r.priority, r.due_at, r.expires_at, r.blanked_at, r.recipient, r.email_dest,
        r.batch_id
      from talkme.outbox as r
      where r.status = 'pending' and r.lane = wish.lane and r.priority = wish.priority
        and r.due_at < now() and (r.due_at, r.id) > (wish.due_at, wish.id)
        and (wish.avoid is null or r.id <> all(wish.avoid))
      order by r.due_at, r.id
      limit wish."limit" + wish.scan
      for update skip locked
    ) as r
    where wish.allowed and slots > 0 and (select self.epoch = claimer_epoch and self.may and self.stop is null from self)
  ),
  judged as materialized (
    select met.*, ending.code as ending, opening.at as opens_at, earlier.at + met.gap as gap_until
    from met
    cross join lateral (select case
        when met.claim is not null then 'claim_unsettled'
        when met.expires_at <= now() then 'expired'
        when met.blanked_at is not null then 'forgotten'
        when met.batch_id is not null and (select true from talkme.paused as p where p.scope = 'batch:' || met.batch_id) then 'batch_paused'
        when (select true from talkme.suppression as s where s.recipient = met.recipient) then 'suppressed'
        when met.email_dest is null then null
        when (select true from talkme.suppression as s where s.recipient = talkme.address_key(met.email_dest)) then 'suppressed'
      end as code) as ending
    left join lateral (
      select talkme.opens_at(met.open_minutes, met.recipient, now()) as at
      where ending.code is null and met.open_minutes is not null
    ) as opening on true
    left join lateral (
      select max(o.claimed_at) as at
      from talkme.outbox as o
      where ending.code is null and met.gap is not null and o.recipient = met.recipient and o.id <> met.id
        and o.status in ('sending', 'sent', 'unknown') and o.claimed_at > now() - met.gap
    ) as earlier on true
  ),
  ready as materialized (
    -- For a recipient with a gap, the first row only.
    select
      ready.*,
      row_number() over (partition by lane, priority order by due_at, id) <= "limit" as fits,
      row_number() over (order by due_at, id) <= slots as has_slot
    from (
      select *, gap is null or row_number() over (partition by gap is null, recipient order by due_at, id) = 1 as first
      from judged
      where ending is null and gap_until is null and coalesce(opens_at <= now(), true)
    ) as ready
    where first
  ),
  taken as (
    -- In one order everywhere, so that two instances that want the same turns never deadlock.
    insert into talkme.gap_claim as t (recipient)
    select recipient from ready where fits and has_slot and gap is not null order by recipient
    on conflict (recipient) do update set number = t.number + 1, taken_at = now()
    where t.number = (select seen.number from talkme.gap_claim as seen where seen.recipient = excluded.recipient)
    returning recipient
  ),
  fate as (
    select
      j.*,
      case
        when j.ending is not null then j.ending
        when j.opens_at > now() then 'outside_window'
        when j.gap_until is not null then 'recipient_gap'
        -- Another row of the recipient goes now, or has just gone.
        when r.id is null then 'recipient_gap'
        when j.gap is not null and j.recipient not in (select recipient from taken) then 'recipient_gap'
      end as code
    from judged as j
    left join ready as r on r.id = j.id
    -- The others were only looked at.
    where r.id is null or (r.fits and r.has_slot)
  )
  select
    (select true from self),
    (select self.durability from self),
    (select self.stop from self),
    (select array_agg(distinct wish.account) from wish where not wish.allowed),
    array_agg(fate.place) filter (where code is null),
    array_agg(row(
      fate.id, fate.due_at,
      case code
        when 'batch_paused' then talkme.held_until()
        when 'outside_window' then opens_at
        when 'recipient_gap' then coalesce(gap_until, now() + least(gap, interval '1 second'))
      end,
      code
    )::talkme.fate) filter (where code is not null)
  into registered, durable, stop, refused, mine, fates
  from fate;
end
$$;

comment on function talkme.pick_restricted(json, text, bigint, integer) is
  'The rows to claim from restricted lanes (mine), those that end or are put off (fates), and accounts whose claim is refused';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.pick_restricted(json, text, bigint, integer) from public;
grant execute on function talkme.pick_restricted(json, text, bigint, integer) to talkme_daemon;


-- ---- turn/end-or-put-off.sql 35502bc4635c ----

-- Rows that a turn of talkme.settle_and_claim has met and does not send; it has locked them.
create or replace function talkme.end_or_put_off(fates talkme.fate[], fate_errors jsonb, claimer text) returns table (
  kind text, id bigint, account text, "numeroDest" text, attempts integer, lane text, priority smallint, "dueAtUs" bigint
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  written bigint[] := '{}';
begin
  for kind, id, account, "numeroDest", attempts, lane, priority, "dueAtUs" in
    update talkme.outbox as o set
      status      = case
                      when f.code = 'expired' then 'expired' when f.code = 'claim_unsettled' then 'unknown'
                      when f.until is null then 'cancelled' else 'pending'
                    end,
      claim       = abs(o.claim),
      finished_at = case when f.until is null and f.code <> 'claim_unsettled' then now() end,
      retry_at    = coalesce(f.until, o.retry_at),
      error_code  = f.code,
      error       = fate_errors ->> f.code,
      fence       = o.fence + case when f.until is null then 1 else 0 end,
      claimed_by  = case when f.code = 'claim_unsettled' then o.claimed_by when f.until is null then claimer end,
      claimed_at  = case when f.code = 'claim_unsettled' then o.claimed_at when f.until is null then now() end
    from unnest(fates) as f
    where o.id = f.id
    returning
      f.code, o.id, o.account, o.numero_dest, o.attempts, o.lane, o.priority,
      round(date_part('epoch', greatest(f.due_at, '1900-01-01')) * 1000000)::bigint
  loop
    return next;
    written := written || id;
  end loop;
  -- A trigger keeps them as they are: they are returned, so that nobody waits behind them.
  if cardinality(written) < cardinality(fates) then
    kind := 'kept_by_trigger';
    for id, account, "numeroDest", attempts, lane, priority, "dueAtUs" in
      select
        o.id, o.account, o.numero_dest, o.attempts, o.lane, o.priority,
        round(date_part('epoch', greatest(f.due_at, '1900-01-01')) * 1000000)::bigint
      from unnest(fates) as f
      join talkme.outbox as o on o.id = f.id
      where f.id <> all(written)
    loop
      return next;
    end loop;
  end if;
end
$$;

comment on function talkme.end_or_put_off(talkme.fate[], jsonb, text) is
  'Ends rows or puts them off, as decided; returns what became of each';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.end_or_put_off(talkme.fate[], jsonb, text) from public;
grant execute on function talkme.end_or_put_off(talkme.fate[], jsonb, text) to talkme_daemon;


-- ---- turn/settle-and-claim.sql 2d6d082ef8a0 ----

-- The hot path of the daemon: settles answers, records their attempts and claims the next rows, in one round trip and one commit.
-- Its guarantees stand at its caller: packages/outbox/src/queries/settle-and-claim.ts.
--
-- It is a function because each connection plans a function's statements once. Sent as text, they were planned at each turn, which
-- took longer than running them: 3.1 ms of the server's processor time for a turn of one row, against 0.74 ms; 4.6 ms for one of
-- 32 rows, against 2.3 ms. Not every pooler in transaction mode supports named prepared statements.
--
-- A kept plan is made when the daemon starts, perhaps over an empty table, and must suit the millions of rows that follow. So it
-- leaves nothing to statistics: it is generic, and uses only index scans and nested loops. Without these settings it read the
-- whole table at each turn, by a sequential scan or, with that off, by a hash join over a whole index. For the same reason it
-- searches large tables by scalar subqueries, not by exists(), which may become a hash table of the whole table.
-- packages/outbox/test/hot-path-plans.test.ts shows what is read.
create or replace function talkme.settle_and_claim(
  claimer text, claimer_epoch bigint, turn bigint, answers json, around_locks boolean, wishes json, slots integer, restricted boolean,
  fate_errors text
) returns table (
  kind text, id bigint, fence integer, account text, "idCampanha" bigint, "idWpp" bigint, "numeroDest" text,
  "emailDest" text, recipient text, txtmsg text, assunto text, "infoContato" jsonb, attempts integer, "maxAttempts" smallint,
  "onUnknown" text, lane text, priority smallint, "dueAtUs" bigint, "waitedMs" double precision,
  "expiresInMs" double precision, traceparent text, seal integer
)
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
-- A trigger may wait for somebody's lock: it holds up everybody for no longer than this.
set lock_timeout = '500ms'
set jit = off
as $$
#variable_conflict use_column
declare
  patience   constant text := current_setting('lock_timeout');
  -- What set_config returns: an assignment starts no statement, as perform would.
  setting    text;
  others     json    := answers;
  rewritten  text;
  registered boolean;
  durable    text;
  stop       text;
  refused    text[];
  mine       tid[];
  fates      talkme.fate[];
  done       bigint;
begin
  -- The commit reaches the disk before a request is made, even where commits do not wait for it by default.
  if current_setting('synchronous_commit') = 'off' then
    setting := set_config('synchronous_commit', 'local', true);
  end if;
  -- PostgreSQL warns the caller when a standby did not confirm the commit: the warning must get through.
  if current_setting('client_min_messages') = 'error' then
    setting := set_config('client_min_messages', 'warning', true);
  end if;

  -- 1. The answers. Nearly always a row is as its first claim left it, and its answer ends it: that takes one step. If somebody has
  -- locked the row, it waits only a moment: then the daemon repeats the turn with around_locks.
  --
  -- A row is settled when the returned row says so. A customer's trigger may suppress the update, which is reported, or change
  -- the row otherwise, which undoes the turn.
  if answers is not null and not around_locks then
    setting := set_config('lock_timeout', '20ms', true);
    with answer as materialized (
      select * from json_populate_recordset(null::talkme.answer, answers)
    ),
    settled as (
      update talkme.outbox as o set
        status      = a.status,
        claim       = case when a.status <> 'unknown' then -a.claim else a.claim end,
        finished_at = case when a.status <> 'unknown' then now() end,
        http_status = a.http_status,
        reference   = a.reference,
        response    = a.response,
        error_code  = a.error_code,
        error       = a.error
      from answer as a
      -- Not by =, which would let the planner use the index of what is sending, and walk the dead entries of all that was.
      where o.id = a.id and o.claim = a.claim and o.claimed_by = a.claimed_by and o.status ^@ 'sending'
        and o.retry_at is null and a.status <> 'pending' and a.refund = 0
        and (a.status = 'unknown' or a.seal = talkme.seal(o.numero_dest, o.email_dest))
      returning a.*, o.blanked_at is not null as blanked, o.status as became
    ),
    recorded as (
      insert into talkme.attempt (
        outbox_id, attempt, account, action, started_at, duration_ms, outcome,
        http_status, reference, error_code, error, instance, claim
      )
      select
        id, fence, account, action, now() - age_ms * interval '1 millisecond', duration_ms, outcome,
        http_status, case when not blanked then reference end, error_code, case when not blanked then error end, claimed_by,
        claim
      from settled
      where action is not null
    )
    select
      case when (select count(*) from settled) < (select count(*) from answer) then (
        select json_agg(answer) from answer where (id, claim) not in (select id, claim from settled)
      ) end,
      (select id || ' ' || became from settled where became <> status and not blanked limit 1)
    into others, rewritten;
    if rewritten is not null then
      perform talkme.refuse_rewriting(rewritten);
    end if;
    setting := set_config('lock_timeout', patience, true);
  end if;

  -- The other answers. A row whose answer could not be written is still sending: its slot is not free.
  if others is not null then
    for kind, id in select * from talkme.settle_others(others) loop
      return next;
      if kind in ('locked', 'changed', 'suppressed_settlement', 'history_open') then
        slots := slots - 1;
      end if;
    end loop;
    id := null;
  end if;
  slots := greatest(slots, 0);

  -- 2. Decide what becomes of the rows at the front of the lanes, and lock them.
  if wishes is null then
    select true, durability into registered, durable from talkme.instance where name = claimer;
  elsif restricted then
    select * into registered, durable, stop, refused, mine, fates
    from talkme.pick_restricted(wishes, claimer, claimer_epoch, slots);
  else
    with self as materialized (select * from talkme.judge_claimer(claimer)),
    wish as materialized (select * from talkme.judge_wishes(wishes, claimer)),
    met as (
      select
        r.*,
        case
          when r.claim is not null then 'claim_unsettled'
          when r.expires_at <= now() then 'expired'
          when r.blanked_at is not null then 'forgotten'
          when r.batch_id is not null and (select true from talkme.paused as p where p.scope = 'batch:' || r.batch_id) then 'batch_paused'
          when (select true from talkme.suppression as s where s.recipient = r.recipient) then 'suppressed'
          when r.email_dest is null then null
          when (select true from talkme.suppression as s where s.recipient = talkme.address_key(r.email_dest)) then 'suppressed'
        end as ending
      from wish
      cross join lateral (
        select r.ctid as place, r.id, r.claim, r.due_at, r.expires_at, r.blanked_at, r.recipient, r.email_dest, r.batch_id
        from talkme.outbox as r
        where r.status = 'pending' and r.lane = wish.lane and r.priority = wish.priority
          and r.due_at < now() and (r.due_at, r.id) > (wish.due_at, wish.id)
          and (wish.avoid is null or r.id <> all(wish.avoid))
        order by r.due_at, r.id
        limit wish."limit"
        for update skip locked
      ) as r
      where wish.allowed and (select self.epoch = claimer_epoch and self.may and self.stop is null from self)
      limit slots
    )
    select
      (select true from self),
      (select self.durability from self),
      (select self.stop from self),
      (select array_agg(distinct wish.account) from wish where not wish.allowed),
      array_agg(met.place) filter (where ending is null),
      array_agg(row(met.id, met.due_at, case ending when 'batch_paused' then talkme.held_until() end, ending)::talkme.fate) filter (where ending is not null)
    into registered, durable, stop, refused, mine, fates
    from met;
  end if;

  if registered is null then
    kind := 'unregistered';
    return next;
    return;
  end if;
  if stop is not null then
    kind := stop;
    return next;
    return;
  end if;
  kind := 'refused_account';
  foreach account in array coalesce(refused, '{}') loop return next; end loop;

  -- 3. Do it, in statements of their own, which see the locked rows as they are: nobody can change them now.
  if mine is not null then
    return query
      update talkme.outbox as o set
        status     = 'sending',
        attempts   = o.attempts + 1,
        fence      = o.fence + 1,
        claim      = turn,
        claimed_by = claimer,
        claimed_at = now()
      where o.ctid = any(mine)
      returning
        -- A trigger may have changed it.
        case when o.status = 'sending' and o.claim = turn and o.claimed_by = claimer then 'claimed' else 'rewritten' end,
        o.id, o.fence, o.account, o.id_campanha, o.id_wpp, o.numero_dest, o.email_dest,
        -- As it was judged; the daemon sends to nobody else.
        case when o.email_dest is null then o.recipient else talkme.recipient_of(o.numero_dest, o.email_dest) end,
        o.txtmsg, o.assunto,
        o.info_contato, o.attempts, o.max_attempts, o.on_unknown, o.lane, o.priority,
        round(date_part('epoch', greatest(o.due_at, '1900-01-01')) * 1000000)::bigint,
        date_part('epoch', clock_timestamp() - greatest(o.due_at, '1900-01-01')) * 1000,
        case when isfinite(o.expires_at) then date_part('epoch', o.expires_at - now()) * 1000 end,
        o.metadata->>'traceparent', talkme.seal(o.numero_dest, o.email_dest);
    get diagnostics done = row_count;
    if done < cardinality(mine) then
      return query
        select
          'kept_by_trigger', o.id, null::integer, o.account, null::bigint, null::bigint, o.numero_dest, null::text, null::text,
          null::text, null::text, null::jsonb, o.attempts, null::smallint, null::text, o.lane, o.priority,
          round(date_part('epoch', greatest(o.due_at, '1900-01-01')) * 1000000)::bigint, null::double precision,
          null::double precision, null::text, null::integer
        from talkme.outbox as o
        where o.ctid = any(mine) and o.status = 'pending';
    end if;
  end if;

  if fates is not null then
    for kind, id, account, "numeroDest", attempts, lane, priority, "dueAtUs" in
      select * from talkme.end_or_put_off(fates, fate_errors::jsonb, claimer)
    loop
      return next;
    end loop;
  end if;

  -- 4. How durable this is. Last, because a customer's trigger may set it, too.
  if durable = 'standby' then
    if mine is null then
      -- Whatever the instance does next begins with a claim, whose confirmation covers all that was committed before.
      setting := set_config('synchronous_commit', 'local', true);
    else
      if current_setting('synchronous_commit') <> 'remote_apply' then
        setting := set_config('synchronous_commit', 'on', true);
      end if;
      kind := 'to_confirm';
      "dueAtUs" := round(date_part('epoch', now()) * 1000000)::bigint;
      return next;
    end if;
    if wishes is not null and not talkme.can_claim(durable) then
      kind := 'no_standby';
      return next;
    end if;
  end if;
end
$$;

comment on function talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text) is
  'A turn of the daemon: settles answers, records their attempts and claims rows';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text) from public;
grant execute on function talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text) to talkme_daemon;


-- ---- turn/read-circuits.sql 5638f0b9f521 ----

-- Inlined where it is called.
create or replace function talkme.read_circuits() returns table (
  account text, credential text, "reportedBy" text, version bigint, alarms bigint, "notFounds" integer, troubles integer,
  kind text, "halfOpenInMs" double precision, slowdown integer, "throttledAgoMs" double precision, "trialBy" text,
  "trialAlive" boolean
)
language sql stable
as $$
  select
    c.account, c.credential,
    (select i.name from talkme.instance as i where i.name = c.reported_by),
    c.version, c.alarms, c.not_founds, c.troubles, c.kind,
    (extract(epoch from c.half_open_at - clock_timestamp()) * 1000)::double precision,
    c.slowdown,
    (extract(epoch from clock_timestamp() - c.throttled_at) * 1000)::double precision,
    c.trial_by,
    exists (select from talkme.instance as i where i.name = c.trial_by)
  from talkme.circuit as c
$$;

comment on function talkme.read_circuits() is 'Every circuit that was ever in trouble, as the daemon reads it';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.read_circuits() from public;
grant execute on function talkme.read_circuits() to talkme_daemon;


-- ---- turn/read-queue.sql 906b58d08ed2 ----

-- What is in the queue: see packages/outbox/src/queries/read-queue.ts. An idle daemon looks whenever something was inserted, so a
-- row waits as long as this takes: planning it took four times as long as running it.
--
-- Whoever may insert may fill the queue with lanes, priorities and accounts. So it reads no more than a page of each account,
-- from where the last page ended; it passes over accounts that were not asked for, one step for each, up to twenty. An account's
-- lanes are those from 'name/' up to 'name0', the character after the slash.
create or replace function talkme.read_queue(
  accounts text[], behind_lanes text[], behind_priorities integer[], page integer, likely text[], newest integer
) returns table (lanes json, circuits json, now_seconds double precision, strangers json, ends json)
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
begin
  return query
    with recursive part as materialized (
      select
        a.account, coalesce(nullif(a.lane, ''), a.account || '/', '') collate "C" as low, a.priority,
        coalesce(a.account || '0', '~') collate "C" as high
      from unnest(
        coalesce(accounts, array[null::text]), behind_lanes, behind_priorities
      ) as a (account, lane, priority)
    ),
    paged as materialized (
      select part.account, found.lane, found.priority, found.due_at, found.number
      from part
      cross join lateral (
        with recursive found as (
          (
            select o.lane, o.priority, o.due_at, 1 as number
            from talkme.outbox as o
            where o.status = 'pending' and (o.lane, o.priority) > (part.low, part.priority) and o.lane < part.high
            order by o.lane, o.priority, o.due_at, o.id
            limit 1
          )
          union all
          select next.lane, next.priority, next.due_at, found.number + 1
          from found
          cross join lateral (
            select o.lane, o.priority, o.due_at
            from talkme.outbox as o
            where o.status = 'pending' and (o.lane, o.priority) > (found.lane, found.priority) and o.lane < part.high
            order by o.lane, o.priority, o.due_at, o.id
            limit 1
          ) as next
          where found.number < page
        )
        select lane, priority, due_at, number from found
      ) as found
    ),
    -- Only if the pages do not show everything: the newest rows, and lanes that are likely to have some.
    late as materialized (
      select lane, priority, min(due_at) as due_at, min(age) as age
      from (
        select o.lane, o.priority, o.due_at, o.status, row_number() over (order by o.id desc) as age
        from talkme.outbox as o
        order by o.id desc
        limit newest
      ) as o
      where status = 'pending' and (select l.account from talkme.lane_parts(lane) as l) = any (accounts)
      group by lane, priority
    ),
    expected as materialized (
      select first.lane, first.priority, first.due_at
      from unnest(likely) as likely
      cross join lateral (
        select o.lane, o.priority, o.due_at
        from talkme.outbox as o
        where o.status = 'pending' and o.lane = likely
        order by o.lane, o.priority, o.due_at, o.id
        limit 1
      ) as first
    ),
    found as materialized (
      select lane, priority, min(due_at) as due_at, min(age) as age
      from (
        select lane, priority, due_at, null::bigint as age from paged
        union all
        select lane, priority, due_at, null from expected
        union all
        select lane, priority, due_at, age from late
      ) as any_way
      group by lane, priority
    ),
    stranger as (
      select null::text collate "C" as account, '' collate "C" as lane, 0 as number
      union all
      select next.account, next.account || '0', stranger.number + case when next.account = any (accounts) then 0 else 1 end
      from stranger
      cross join lateral (
        select l.account
        from talkme.outbox as o
        cross join talkme.lane_parts(o.lane) as l
        where o.status = 'pending' and o.lane > stranger.lane
        order by o.lane, o.priority, o.due_at, o.id
        limit 1
      ) as next
      where accounts is not null and stranger.number < 20
    ),
    lane as materialized (
      select f.*, l.account, l.campaign, l.channel
      -- Rows that bypassed the checks may be due at infinity, for which JSON has no number.
      from (select lane, priority, age, least(greatest(due_at, '1900-01-01'), '9999-01-01') as due_at from found) as f
      cross join talkme.lane_parts(f.lane) as l
    ),
    rule as materialized (
      select
        lane.*, c.active, c.rate_per_second,
        coalesce(a.xmin::text, '') || '/' || coalesce(c.xmin::text, '') as rules,
        coalesce(c.open_minutes, a.open_minutes) as open_minutes,
        coalesce(c.recipient_gap, a.recipient_gap) > interval '0' as has_gap
      from lane
      left join talkme.account as a on a.account = lane.account
      left join talkme.campaign as c on c.account = lane.account and c.id_campanha = lane.campaign::bigint
    ),
    sending_window as materialized (
      select
        open_minutes,
        talkme.first_opening(open_minutes, now()) as first_opens_at,
        talkme.last_opening(open_minutes, now()) as last_opens_at
      from (select distinct open_minutes from rule where open_minutes is not null) as used
    ),
    queued as (
      select
        r.lane, r.priority, r.account,
        extract(epoch from r.due_at)::double precision as "dueAtSeconds",
        (extract(epoch from r.due_at - clock_timestamp()) * 1000)::double precision as "dueInMs",
        (extract(epoch from clock_timestamp() - l.accepted_at) * 1000)::double precision as "acceptedAgoMs",
        coalesce(l.not_founds, 0) as "notFounds",
        coalesce(extract(epoch from l.quiet_until - clock_timestamp()) * 1000, 0)::double precision as "quietForMs",
        exists (
          select from talkme.paused as p
          where p.scope = any (talkme.scopes_of(r.account, r.campaign, r.channel))
        ) or not coalesce(r.active, true) as paused,
        r.open_minutes is not null or coalesce(r.has_gap, false) as restricted,
        coalesce(extract(epoch from w.first_opens_at - now()) * 1000, 0)::double precision as "closedForMs",
        coalesce(w.first_opens_at <= now() and w.last_opens_at > now(), false) as "partlyClosed",
        r.rate_per_second::double precision as "ratePerSecond",
        r.rules, r.age
      from rule as r
      left join talkme.lane as l on l.lane = r.lane
      left join sending_window as w on w.open_minutes = r.open_minutes
    )
    select
      coalesce((select json_agg(queued order by lane, priority) from queued), '[]'),
      coalesce((select json_agg(circuit) from talkme.read_circuits() as circuit), '[]'),
      extract(epoch from clock_timestamp())::double precision,
      coalesce((select json_agg(account) from stranger where account <> all (accounts)), '[]'),
      coalesce((select json_agg(p) from (
        select account, lane, priority from paged where number >= page
      ) as p), '[]');
end
$$;

comment on function talkme.read_queue(text[], text[], integer[], integer, text[], integer) is
  'A page at most of each account''s lanes and priorities with pending rows, when the first row of each is due and what holds for it; all circuits; the time';

revoke execute on function talkme.read_queue(text[], text[], integer[], integer, text[], integer) from public;
grant execute on function talkme.read_queue(text[], text[], integer[], integer, text[], integer) to talkme_daemon;


-- ---- console/console-account.sql b9711af8c298 ----

-- Who logs in to the console. With a log-in by proxy it only maps names: one without a row here is the role of its own name.
create table talkme.console_account (
  name          text        not null,
  role          name        not null,
  password      text,
  created_at    timestamptz not null default now(),

  constraint console_account_pkey primary key (name),
  constraint console_account_name check (name ~ '^[^[:space:][:cntrl:]]{1,200}$'),
  -- Never a password that anybody could read.
  constraint console_account_password_hashed check (password ~ '^scrypt[$]')
);

comment on table talkme.console_account is 'Log-in names of the console, and the role that each acts as';
comment on column talkme.console_account.name is 'What the person types, or what the proxy calls them';
comment on column talkme.console_account.role is 'The role of PostgreSQL that the person acts as';
comment on column talkme.console_account.password is 'scrypt, its costs, a salt and the hash; null: this name logs in by a proxy only';
comment on column talkme.console_account.created_at is 'When it was created';

grant select, insert, update, delete on talkme.console_account to talkme_console;


-- ---- console/console-session.sql f8108d06f2df ----

-- Sessions of people who log in to the console by a password. Whoever reads the table cannot take one over: it has a hash of what the
-- browser holds.
create table talkme.console_session (
  token_hash    bytea       not null,
  name          text        not null,
  created_at    timestamptz not null default now(),
  seen_at       timestamptz not null default now(),
  expires_at    timestamptz not null,

  constraint console_session_pkey primary key (token_hash),
  constraint console_session_account foreign key (name) references talkme.console_account on delete cascade,
  constraint console_session_hash check (length(token_hash) = 32)
);

comment on table talkme.console_session is 'Who is logged in to the console';
comment on column talkme.console_session.token_hash is 'SHA-256 of the cookie';
comment on column talkme.console_session.name is 'The account';
comment on column talkme.console_session.created_at is 'When the person logged in';
comment on column talkme.console_session.seen_at is 'The last request, to within a minute';
comment on column talkme.console_session.expires_at is 'It ends then, however busy it is';

create index console_session_name on talkme.console_session (name);

grant select, insert, update, delete on talkme.console_session to talkme_console;


-- ---- check/sequences-behind.sql 19facc29ff12 ----

-- A cut-over by logical replication brings the rows, but leaves the sequences behind.
create or replace function talkme.sequences_behind() returns table (relation text, sequence text, highest bigint)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  identity_column record;
begin
  for identity_column in
    select
      format('talkme.%I', c.relname) as table_name, a.attname as column_name,
      pg_get_serial_sequence(format('talkme.%I', c.relname), a.attname) as sequence_name
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid
    where c.relnamespace = 'talkme'::regnamespace and c.relkind = 'r' and a.attidentity <> '' and not a.attisdropped
    order by c.relname
  loop
    execute format('select max(%I) from %s', identity_column.column_name, identity_column.table_name) into highest;
    if highest > coalesce(pg_sequence_last_value(identity_column.sequence_name), 0) then
      relation := identity_column.table_name;
      sequence := identity_column.sequence_name;
      return next;
    end if;
  end loop;
end
$$;

comment on function talkme.sequences_behind() is
  'Tables whose next row would get an id that is already taken, as after a cut-over by logical replication';

revoke execute on function talkme.sequences_behind() from public;
grant execute on function talkme.sequences_behind() to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- check/silent-captures.sql 086faeb66207 ----

-- The daemon sees neither conditions nor maps: they are the customers'.
create or replace function talkme.silent_captures() returns table (name text, source text, status text, disabled boolean)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select c.name, c.source::text, c.status, c.status ^@ 'off' from talkme.captures as c where c.status <> 'on' order by c.name;
end;

comment on function talkme.silent_captures() is 'Captures that make no messages, and why';

revoke execute on function talkme.silent_captures() from public;
grant execute on function talkme.silent_captures() to talkme_daemon, talkme_operator, talkme_viewer;


-- ---- people/help.sql db2c90480d79 ----

-- The functions that are made for people, as each role may call them. All others are machinery: triggers and views run them with the
-- rights of whoever writes or reads, so that some have to be granted.
create or replace view talkme.help as
select
  f.topic,
  'talkme.' || p.proname || '(' || coalesce((
    select string_agg(
      case
        when a.place = p.pronargs - p.pronargdefaults + 1 then case when a.place = 1 then '[' else ' [, ' end
        when a.place > 1 then ', '
        else ''
      end || a.name,
      '' order by a.place
    ) || case when p.pronargdefaults > 0 then ']' else '' end
    from unnest(p.proargnames[1:p.pronargs]) with ordinality as a (name, place)
  ), '') || ')' as call,
  obj_description(p.oid, 'pg_proc') as does,
  array(
    select r.rolname::text
    from pg_roles as r
    where r.rolname in ('talkme_producer', 'talkme_viewer', 'talkme_operator', 'talkme_marketing') and has_function_privilege(r.oid, p.oid, 'execute')
    order by r.rolname
  ) as roles
from (
  values
    (1, 'write', '{enqueue,problems}'::name[]),
    (2, 'lists', '{begin_list,add_lines,map_list,preview_list,check_list,count_list,list_problems,list_lines,correct_line,send_list,end_list,drop_list}'),
    (3, 'look', '{explain,reasons,history,history_doubts,find_messages,export_batch,reveal,number_key}'),
    (4, 'one row', '{cancel,retry,resolve}'),
    (5, 'many rows', '{cancel_where,retry_where,resolve_where,resolve_report,pause_where,resume_where,correct_where,postpone_where}'),
    (6, 'pauses', '{pause,resume,acknowledge_history,allow_local_claims}'),
    (7, 'recipients', '{suppress,unsuppress,forget,hash_recipient}'),
    (8, 'settings', '{set_campaign,set_account,set_holiday,apply_retention}'),
    (9, 'captures', '{capture,drop_capture,reais}'),
    (10, 'marketing', '{grant_campaign,revoke_campaign}')
) as f (topic_place, topic, names)
cross join lateral unnest(f.names) with ordinality as n (name, place)
join pg_proc as p on p.pronamespace = 'talkme'::regnamespace and p.proname = n.name
where has_function_privilege(p.oid, 'execute')
order by f.topic_place, n.place, p.pronargs;

comment on view talkme.help is 'What you may call: the functions for people, with what each does. Arguments in brackets may be left out; name them: talkme.cancel(42, reason => ''withdrawn'')';
comment on column talkme.help.topic is 'What it is for';
comment on column talkme.help.call is 'The function and its arguments; those in brackets may be left out';
comment on column talkme.help.does is 'What it does';
comment on column talkme.help.roles is 'Which roles may call it';

grant select on talkme.help to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;


-- ---- roles/nothing-for-everybody.sql 98da0ff56f75 ----

-- Undoes what the owner grants to everybody by default (alter default privileges): members of the roles may use the schema, and
-- could read the key of the hashes through it. Functions are revoked where they are created, because PostgreSQL itself grants
-- them.
revoke all on schema talkme from public;
revoke all on all tables in schema talkme from public;
revoke all on all sequences in schema talkme from public;
