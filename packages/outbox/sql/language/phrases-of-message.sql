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
