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
