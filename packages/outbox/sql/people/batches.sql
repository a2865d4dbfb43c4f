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
