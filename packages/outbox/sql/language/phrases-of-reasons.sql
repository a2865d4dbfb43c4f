-- What talkme.explain makes of a row that waits: a key is reason. and the code that talkme.reasons returns. explain adds the row's
-- id, and what its error says (why, sentence).
create or replace function talkme.phrases_of_reasons() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "reason.no_row": {
    "en": "There is no row {id}, or it is not yours to see.",
    "pt-BR": "Não existe a linha {id}, ou você não pode vê-la."
  },
  "reason.pending": {
    "en": "Row {id} is pending.",
    "pt-BR": "A linha {id} está na fila (pending)."
  },
  "reason.suppressed": {
    "en": "Its recipient was suppressed by {by} at {since:time} ({reason}): it is cancelled when its turn comes.",
    "pt-BR": "O destinatário entrou na lista de supressão em {since:time}, por {by} ({reason}): ela é cancelada quando chegar a vez."
  },
  "reason.expiry_passed": {
    "en": "Its expires_at passed at {expires_at:time}: it becomes expired within some 15 seconds while any syncd runs.",
    "pt-BR": "O prazo (expires_at) acabou em {expires_at:time}: ela passa a expired em uns 15 segundos, se houver algum syncd no ar."
  },
  "reason.claim_unsettled": {
    "en": "It was made pending past talkme.retry and talkme.resolve, although its message may have been sent: it becomes unknown when its turn comes.",
    "pt-BR": "Alguém a pôs na fila sem passar por talkme.retry nem talkme.resolve, e não sabemos se a mensagem já foi enviada: ela passa a unknown quando chegar a vez."
  },
  "reason.not_due": {
    "en": "It is not due until {until:time} (send_at).",
    "pt-BR": "Só pode sair a partir de {until:time} (send_at)."
  },
  "reason.retry_at": {
    "en": "It is not tried before {until:time} (retry_at).",
    "pt-BR": "Não é tentada antes de {until:time} (retry_at)."
  },
  "reason.attempt_failed": {
    "en": "Attempt {attempts} failed with {error_code}[ ({sentence})]. It is tried again at {until:time}.",
    "pt-BR": "A tentativa {attempts} falhou com {error_code}[ ({sentence})]. Nova tentativa em {until:time}."
  },
  "reason.attempt_not_counted": {
    "en": "The last attempt, which does not count, failed with {error_code}[ ({sentence})]. It is tried again at {until:time}.",
    "pt-BR": "A última tentativa, que não conta, falhou com {error_code}[ ({sentence})]. Nova tentativa em {until:time}."
  },
  "reason.held_burst": {
    "en": "It is held, because its insert brought more rows to the campaign than talkme.campaign.burst_limit. talkme.resume({scope:literal}) lets the held rows of its {of:word} go, talkme.cancel({id}) drops this one.",
    "pt-BR": "Está retida: o insert trouxe para a campanha mais linhas do que talkme.campaign.burst_limit permite. talkme.resume({scope:literal}) libera as retidas d{of:word}; talkme.cancel({id}) descarta esta."
  },
  "reason.held_duplicate": {
    "en": "It is held, because the same recipient was given the same variables a short while ago. talkme.resume({scope:literal}) lets the held rows of its {of:word} go, talkme.cancel({id}) drops this one.",
    "pt-BR": "Está retida: há pouco entrou outra mensagem para o mesmo destinatário com as mesmas variáveis. talkme.resume({scope:literal}) libera as retidas d{of:word}; talkme.cancel({id}) descarta esta."
  },
  "reason.held": {
    "en": "It is held, as an accident. talkme.resume({scope:literal}) lets the held rows of its {of:word} go, talkme.cancel({id}) drops this one.",
    "pt-BR": "Está retida, por suspeita de engano. talkme.resume({scope:literal}) libera as retidas d{of:word}; talkme.cancel({id}) descarta esta."
  },
  "of.campaign": {
    "en": "campaign",
    "pt-BR": "a campanha"
  },
  "of.account": {
    "en": "account",
    "pt-BR": "a conta"
  },
  "of.channel": {
    "en": "channel",
    "pt-BR": "o canal"
  },
  "of.batch": {
    "en": "batch",
    "pt-BR": "o lote"
  },
  "reason.window_closed": {
    "en": "It is outside its sending window until {until:time}.",
    "pt-BR": "Está fora da janela de envio até {until:time}."
  },
  "reason.recipient_gap": {
    "en": "Its recipient was written to a short while ago, and gets nothing more until {until:time} (recipient_gap).",
    "pt-BR": "O destinatário recebeu outra mensagem há pouco, e não recebe mais nada até {until:time} (recipient_gap)."
  },
  "reason.paused": {
    "en": "{what:word}[ {name}] is paused by {by} since {since:time} ({reason}): talkme.resume({scope:literal}) ends it.",
    "pt-BR": "{what:word}[ {name}]: envio em pausa desde {since:time}, por {by} ({reason}). talkme.resume({scope:literal}) libera."
  },
  "what.all": {
    "en": "Everything",
    "pt-BR": "Tudo"
  },
  "what.account": {
    "en": "Account",
    "pt-BR": "Conta"
  },
  "what.campaign": {
    "en": "Campaign",
    "pt-BR": "Campanha"
  },
  "what.channel": {
    "en": "Channel",
    "pt-BR": "Canal"
  },
  "what.batch": {
    "en": "Batch",
    "pt-BR": "Lote"
  },
  "reason.campaign_inactive": {
    "en": "Campaign {id_campanha} ({name}) is not active: see talkme.campaign.",
    "pt-BR": "A campanha {id_campanha} ({name}) não está ativa: veja talkme.campaign."
  },
  "reason.circuit_open": {
    "en": "The circuit of account {account}[, for the token of instance {instance} alone,] is open since {since:time}, because {kind:word}. One row is tried at {until:time}; talkme.resume('account:{account}') has it tried at once.",
    "pt-BR": "O disjuntor da conta {account}[, só para o token da instância {instance},] está aberto desde {since:time}, porque {kind:word}. Uma linha é testada em {until:time}; talkme.resume('account:{account}') faz testar já."
  },
  "reason.circuit_half_open": {
    "en": "The circuit of account {account}[, for the token of instance {instance} alone,] is open since {since:time}, because {kind:word}. One row is tried now.",
    "pt-BR": "O disjuntor da conta {account}[, só para o token da instância {instance},] está aberto desde {since:time}, porque {kind:word}. Uma linha está sendo testada agora."
  },
  "kind.not_found": {
    "en": "the API answered 404, and a third one in a row is said to lock the token",
    "pt-BR": "a API respondeu 404, e diz-se que o terceiro seguido bloqueia o token"
  },
  "kind.authentication": {
    "en": "the API refuses the account, or the proxy its login",
    "pt-BR": "a API recusa a conta, ou o proxy recusa o login"
  },
  "kind.trouble": {
    "en": "too many requests in a row came to nothing",
    "pt-BR": "muitas requisições seguidas não deram em nada"
  },
  "kind.throttled": {
    "en": "the API asked to be sent less",
    "pt-BR": "a API pediu para receber menos"
  },
  "reason.lane_not_found": {
    "en": "The API did not find the campaign or channel (404, {not_founds} in a row): its rows wait until {until:time}. If it is mended, talkme.resume({scope:literal}) has one row tried at once.",
    "pt-BR": "A API não encontrou a campanha ou o canal (404, {not_founds} {not_founds|vez seguida|vezes seguidas}): as linhas esperam até {until:time}. Se já foi corrigido, talkme.resume({scope:literal}) faz testar uma linha já."
  },
  "reason.lane_not_understood": {
    "en": "The API answered to the campaign or channel in words that no response rule knows (see the rows that are unknown): its rows wait until {until:time}. If it is mended, talkme.resume({scope:literal}) has one row tried at once.",
    "pt-BR": "A API respondeu à campanha ou ao canal com palavras que nenhuma regra de resposta conhece (veja as linhas unknown): as linhas esperam até {until:time}. Se já foi resolvido, talkme.resume({scope:literal}) faz testar uma linha já."
  },
  "reason.no_instance": {
    "en": "No syncd is running: talkme.instance has none that was heard of within its lease.",
    "pt-BR": "Não há nenhum syncd no ar: nenhum de talkme.instance deu sinal de vida dentro do prazo (lease)."
  },
  "reason.no_standby": {
    "en": "Claims wait for a synchronous standby (TALKME_CLAIM_DURABILITY=standby), and the server names none: see synchronous_standby_names.",
    "pt-BR": "O envio depende de um standby síncrono (TALKME_CLAIM_DURABILITY=standby), e o servidor não tem nenhum: veja synchronous_standby_names."
  },
  "reason.local_claims_refused": {
    "en": "No running syncd has TALKME_CLAIM_DURABILITY=standby, and talkme.history asks for it: set it, or call talkme.allow_local_claims.",
    "pt-BR": "Nenhum syncd no ar tem TALKME_CLAIM_DURABILITY=standby, que talkme.history exige: configure assim, ou chame talkme.allow_local_claims."
  },
  "reason.account_unserved": {
    "en": "No running syncd is configured for account {account}: see syncd check.",
    "pt-BR": "Nenhum syncd no ar está configurado para a conta {account}: veja syncd check."
  },
  "reason.rate_used_up": {
    "en": "The rate of {of:word} {name} is used up until {until:time}.",
    "pt-BR": "O limite de envios por segundo d{of:word} {name} está esgotado até {until:time}."
  },
  "reason.next": {
    "en": "It is the next of its account, campaign and channel.",
    "pt-BR": "É a próxima da sua conta, campanha e canal."
  },
  "reason.queue": {
    "en": "It waits for its turn: {ahead:number} due {ahead|row|rows} of its account, campaign and channel {ahead|stands|stand} before it.",
    "pt-BR": "Espera a vez: há {ahead:number} {ahead|linha|linhas} da sua conta, campanha e canal na frente."
  },
  "reason.long_queue": {
    "en": "It waits for its turn: {ahead:number} due rows or more of its account, campaign and channel stand before it.",
    "pt-BR": "Espera a vez: há {ahead:number} linhas ou mais da sua conta, campanha e canal na frente."
  },
  "reason.due_long": {
    "en": "It has been due since {since:time}; if nothing of account {account} is sent, syncd may not be configured for it: see syncd check.",
    "pt-BR": "Já podia ter saído em {since:time}; se nada da conta {account} sai, o syncd pode não estar configurado para ela: veja syncd check."
  },
  "reason.goes_at": {
    "en": "If nothing changes, it goes at about {at:time}.",
    "pt-BR": "Se nada mudar, sai por volta de {at:time}."
  },
  "reason.goes_not_before": {
    "en": "If nothing changes, it goes at {at:time} at the earliest.",
    "pt-BR": "Se nada mudar, não sai antes de {at:time}."
  },
  "reason.goes_now": {
    "en": "It goes within seconds.",
    "pt-BR": "Sai em segundos."
  },
  "reason.stays": {
    "en": "It stays until somebody changes that.",
    "pt-BR": "Fica parada até alguém resolver isso."
  },
  "reason.expires_first": {
    "en": "If nothing changes, it is not sent: it becomes expired at {at:time}.",
    "pt-BR": "Se nada mudar, não é enviada: passa a expired em {at:time}."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_reasons() is 'What talkme.say says of a row that waits';

grant execute on function talkme.phrases_of_reasons() to public;
