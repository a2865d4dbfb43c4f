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
