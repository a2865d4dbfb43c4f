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
