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
