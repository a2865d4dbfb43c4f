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
