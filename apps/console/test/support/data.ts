import type { Stage } from "./stage.ts";

/**
 * Data worth looking at: three campaigns in every state, a list on its way, a pause, unknown rows with neighbours. Written as the
 * owner may, because what is tested is what is shown. The numbers are nobody's.
 */
export async function fill(stage: Stage): Promise<void> {
  await stage.sql(`
    insert into talkme.campaign (id_campanha, name, sending_window, rate_per_second, required_variables, burst_limit) values
      (123456, 'Natal 2026', null, 20, '{nome}', 5000),
      (2001, 'Cobrança de dezembro', 'mon-sun 0:00-24:00', 5, '{PRIMEIRO_NOME,geral1}', null),
      (777, 'Pesquisa de satisfação', null, null, '{}', null);
    insert into talkme.batch (name, expected_rows) values ('natal-clientes-sp.csv', 400), ('cobranca-dezembro.csv', 120);
    insert into talkme.outbox (numero_dest, id_campanha, info_contato, batch_id)
    select '119' || (88880000 + i), 123456, '{"nome":"Fulano de Tal"}', 1 from generate_series(1, 400) as i;
    insert into talkme.outbox (numero_dest, id_campanha, info_contato, batch_id)
    select '219' || (77770000 + i), 2001, '{"nome":"Beltrana","geral1":"R$ 10,00"}', 2 from generate_series(1, 120) as i;
    insert into talkme.outbox (numero_dest, id_campanha) select '319' || (66660000 + i), 777 from generate_series(1, 30) as i;

    update talkme.outbox set
      status = 'sent', attempts = 1, fence = 1, claimed_by = 'syncd-a', claimed_at = now() - interval '50 minutes' + id * interval '8 seconds',
      finished_at = now() - interval '50 minutes' + id * interval '8 seconds' + interval '300 milliseconds', http_status = 200,
      reference = '1000000' || id
    where (id <= 298 or id between 401 and 480)
      and id not in (12, 15, 42, 43, 77, 88, 130, 131, 405, 410, 411, 412, 450);
    update talkme.outbox set
      status = 'unknown', attempts = 1, fence = 1, claimed_by = 'syncd-a', claimed_at = now() - interval '20 minutes' + id * interval '1 second',
      error_code = case when id % 2 = 0 then 'timeout' else 'connection_lost' end,
      error = 'The API did not answer within 15 seconds: it may have sent the message to 11988880042.'
    where id in (42, 43, 77, 130, 405, 450);
    update talkme.outbox set
      status = 'failed', attempts = 1, fence = 1, finished_at = now() - interval '15 minutes', http_status = 400,
      error_code = case when id % 3 = 0 then 'invalid_phone' else 'request_rejected' end, error = 'The API refused the message (400).'
    where id in (12, 15, 88, 131, 410, 411, 412);
    update talkme.outbox set status = 'expired', finished_at = now() - interval '5 minutes', error_code = 'expired' where id in (299, 300);
    update talkme.outbox set retry_at = talkme.held_until(), error_code = 'held_burst' where id_campanha = 777;
    insert into talkme.attempt (outbox_id, attempt, account, action, started_at, duration_ms, outcome, http_status, error_code, error, instance, claim)
    select id, 1, 'default', 'v2', greatest(claimed_at, created_at), 15000, 'unknown', null, error_code, error, 'syncd-a', id
    from talkme.outbox where status = 'unknown';
    insert into talkme.instance (name, version, host, pid, lease_seconds) values ('syncd-a', '0.1.0', 'envio-1', 1, 3600);
  `);
  await stage.sql(`set role "ana.lima"`);
  await stage.sql(`select talkme.pause('campaign:2001', 'valor errado no modelo, volta às 15h')`);
  await stage.sql(`select talkme.cancel(399, 'pedido cancelado')`);
  await stage.sql(`reset role`);
  await stage.sql(`select talkme.grant_campaign(123456, 'malu.dias')`);
  await stage.sql(`analyze talkme.outbox`);
}
