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
