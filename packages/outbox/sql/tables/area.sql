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
