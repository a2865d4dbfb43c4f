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
