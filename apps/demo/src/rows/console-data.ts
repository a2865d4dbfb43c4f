import { Client } from "pg";

/** How many rows {@link fillForConsole} writes. */
export const filledRows = 920;

/**
 * What a campaign team has after some days: four campaigns, lists that are done, on their way and stopped, messages that failed, that
 * nobody knows of, and what people did. Written as the owner may, because days cannot be waited for: the API got none of it, and
 * what still waits belongs to a list in pause. The numbers are nobody's.
 *
 * In one transaction: the daemon sees it when nothing of it is due.
 */
export async function fillForConsole(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, application_name: "demo" });
  await client.connect();
  try {
    await client.query(`begin; ${campaigns} ${rows} ${outcomes} ${people} commit;`);
    await client.query("analyze talkme.outbox");
    await rollUp(client);
  } finally {
    await client.end();
  }
}

/** Counts the days for the charts, as the daemon does as they pass. */
async function rollUp(client: Client): Promise<void> {
  let hour: Date | null = null;
  let isOver = false;
  while (!isOver) {
    const { rows: found }: { rows: readonly RolledUp[] } = await client.query<RolledUp>(
      "select counted, more from talkme.roll_up($1)",
      [hour],
    );
    hour = found[0]?.counted ?? null;
    isOver = found[0]?.more !== true;
  }
}

interface RolledUp {
  readonly counted: Date | null;
  readonly more: boolean;
}

const campaigns = `
  insert into talkme.campaign (id_campanha, name, sending_window, rate_per_second, required_variables, burst_limit) values
    (101, 'Cobrança de dezembro', null, 5, '{nome,geral1}', 5000),
    (102, 'Natal 2026', null, 2, '{}', 5000),
    (103, 'Pesquisa de satisfação', null, null, '{nome}', 5000),
    (104, 'Confirmação de consulta', null, null, '{nome}', 5000);
  insert into talkme.batch (name, expected_rows, created_by) values
    ('cobranca-dezembro.csv', 120, 'malu.dias'), ('natal-clientes-sp.csv', 300, 'malu.dias'), ('pesquisa-novembro.csv', 400, 'ana.lima');
`;

/** Rows keep the order in which they were sent: unknown ones have neighbours. */
const rows = `
  insert into talkme.outbox (numero_dest, id_campanha, info_contato, batch_id, created_at)
  select '119' || (88000000 + i), 101, '{"nome":"Fulano de tal","geral1":"R$ 10,00"}', 1, now() - interval '26 hours'
  from generate_series(1, 120) as i;
  insert into talkme.outbox (numero_dest, id_campanha, batch_id, created_at)
  select '219' || (77000000 + i), 102, 2, now() - interval '50 minutes' from generate_series(1, 300) as i;
  insert into talkme.outbox (numero_dest, id_campanha, info_contato, batch_id, created_at)
  select '319' || (66000000 + i), 103, '{"nome":"Beltrana"}', 3, now() - interval '3 days' from generate_series(1, 400) as i;
  insert into talkme.outbox (numero_dest, id_campanha, info_contato, created_at)
  select '419' || (65000000 + i), 104, '{"nome":"Sicrana"}', now() - (101 - i) * interval '5 minutes' from generate_series(1, 100) as i;

  create temporary table filled on commit drop as
  select
    id, id_campanha, nth,
    created_at + nth * case id_campanha
      when 101 then interval '20 seconds' when 102 then interval '8 seconds' when 103 then interval '9 minutes'
      else interval '2 seconds' end as sent_at,
    case
      when id_campanha = 102 and nth > 180 then null
      when (id_campanha, nth) in ((101, 31), (101, 32), (101, 77), (102, 64), (102, 141), (104, 90)) then 'unknown'
      when id_campanha = 103 and nth % 29 = 0 or id_campanha <> 103 and nth in (12, 45, 88) then 'failed'
      when id_campanha = 104 and nth in (70, 71) then 'expired'
      else 'sent'
    end as becomes
  from (
    select o.*, row_number() over (partition by o.id_campanha order by o.id) as nth
    from talkme.outbox as o where o.numero_dest ~ '^(119880|219770|319660|419650)'
  ) as o;
`;

const outcomes = `
  update talkme.outbox as o set
    status = f.becomes, attempts = 1, fence = 1, claimed_by = 'demo', claimed_at = f.sent_at, http_status = 200,
    finished_at = f.sent_at + interval '300 milliseconds', reference = (200000000000 + o.id)::text
  from filled as f where f.id = o.id and f.becomes = 'sent';
  update talkme.outbox as o set
    status = f.becomes, attempts = 1, fence = 1, claimed_by = 'demo', claimed_at = f.sent_at,
    error_code = case when f.nth % 2 = 0 then 'timeout' else 'connection_lost' end,
    error = 'The API did not answer within 15 seconds: it may have sent the message.'
  from filled as f where f.id = o.id and f.becomes = 'unknown';
  update talkme.outbox as o set
    status = f.becomes, attempts = 1, fence = 1, finished_at = f.sent_at, http_status = case when f.nth % 3 = 0 then null else 400 end,
    error_code = case when f.nth % 3 = 0 then 'invalid_phone' else 'request_rejected' end,
    error = 'The API refused the message (400).'
  from filled as f where f.id = o.id and f.becomes = 'failed';
  update talkme.outbox as o set status = f.becomes, finished_at = f.sent_at, error_code = 'expired'
  from filled as f where f.id = o.id and f.becomes = 'expired';

  insert into talkme.attempt (outbox_id, attempt, account, action, started_at, duration_ms, outcome, error_code, error, instance, claim)
  select id, 1, 'default', 'v2', claimed_at, 15000, 'unknown', error_code, error, 'demo', id
  from talkme.outbox where status = 'unknown' and claimed_by = 'demo';
`;

const people = `
  set local role "ana.lima";
  select talkme.pause('batch:2', 'valor errado no modelo, volta às 15h');
  select talkme.cancel(id, 'pedido cancelado') from talkme.outbox where batch_id = 2 and status = 'pending' order by id desc limit 2;
  select talkme.suppress('41965000070', 'pediu para não receber mais');
  reset role;
  select talkme.grant_campaign(campaign, 'malu.dias') from unnest(array[101, 102]) as campaign;
  update talkme.hourly_progress set final_until = now() - interval '4 days';
`;
