-- What an error_code means, where the sentence that syncd has stored beside it is not in the reader's language, or was removed. A part
-- in brackets quotes that sentence where its particulars matter. The codes: docs/errors.md.
create or replace function talkme.phrases_of_errors() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "error.invalid_phone": {
    "en": "the number is not one that exists",
    "pt-BR": "o número não existe"
  },
  "error.invalid_phone_length": {
    "en": "the number has too few or too many digits",
    "pt-BR": "o número tem algarismos de menos ou de mais"
  },
  "error.invalid_ddd": {
    "en": "there is no such DDD",
    "pt-BR": "esse DDD não existe"
  },
  "error.ambiguous_phone": {
    "en": "the digits of this foreign number are also those of a Brazilian one",
    "pt-BR": "os algarismos deste número estrangeiro são também os de um brasileiro"
  },
  "error.recipient_mismatch": {
    "en": "database and syncd read the number or address differently: write it with + and all digits, or as a plain ASCII address",
    "pt-BR": "o banco e o syncd leem o número ou o endereço de formas diferentes: escreva com + e todos os algarismos, ou um endereço simples em ASCII"
  },
  "error.invalid_text": {
    "en": "a value has a line break, a tab, another control character or more than four spaces",
    "pt-BR": "um valor tem quebra de linha, tab, outro caractere de controle ou mais de quatro espaços"
  },
  "error.invalid_email": {
    "en": "email_dest is not one e-mail address in ASCII",
    "pt-BR": "email_dest não é um endereço de e-mail em ASCII"
  },
  "error.invalid_message": {
    "en": "the message does not have the shape that the API takes[ ({error})]",
    "pt-BR": "a mensagem não tem a forma que a API aceita[ ({error})]"
  },
  "error.row_unclaimable": {
    "en": "PostgreSQL refuses to hand out the row: a trigger or constraint refuses it, or it came around the checks of the insert[ ({error})]",
    "pt-BR": "o PostgreSQL não deixa o syncd pegar a linha: um gatilho ou uma restrição a recusa, ou ela entrou sem passar pelas verificações do insert[ ({error})]"
  },
  "error.unknown_field": {
    "en": "info_contato has a variable that the API does not know[ ({error})]",
    "pt-BR": "info_contato tem uma variável que a API não conhece[ ({error})]"
  },
  "error.missing_recipient": {
    "en": "neither numero_dest nor email_dest is given",
    "pt-BR": "faltam numero_dest e email_dest"
  },
  "error.missing_target": {
    "en": "neither id_campanha nor id_wpp is given",
    "pt-BR": "faltam id_campanha e id_wpp"
  },
  "error.wrong_method": {
    "en": "the method without variables cannot carry a field of the message: give info_contato or email_dest too",
    "pt-BR": "o método sem variáveis não leva um dos campos da mensagem: informe também info_contato ou email_dest"
  },
  "error.not_found": {
    "en": "the API answered 404: check id_campanha and id_wpp before anything else is sent",
    "pt-BR": "a API respondeu 404: confira id_campanha e id_wpp antes de enviar qualquer outra coisa"
  },
  "error.request_rejected": {
    "en": "the API refuses the request: read response, and correct the row[ ({error})]",
    "pt-BR": "a API recusou o pedido: leia response e corrija a linha[ ({error})]"
  },
  "error.rejected_by_api": {
    "en": "the API reports a failure: read response, and correct the row[ ({error})]",
    "pt-BR": "a API informou uma falha: leia response e corrija a linha[ ({error})]"
  },
  "error.dns_failed": {
    "en": "the API's host name could not be resolved",
    "pt-BR": "não foi possível resolver o nome do servidor da API (DNS)"
  },
  "error.connection_refused": {
    "en": "the API's host refused the connection",
    "pt-BR": "o servidor da API recusou a conexão"
  },
  "error.connect_timeout": {
    "en": "no connection was made within 10 seconds",
    "pt-BR": "não houve conexão em 10 segundos"
  },
  "error.tls_failed": {
    "en": "the TLS handshake failed",
    "pt-BR": "a negociação TLS falhou"
  },
  "error.connection_failed": {
    "en": "the connection could not be made[ ({error})]",
    "pt-BR": "não foi possível conectar[ ({error})]"
  },
  "error.proxy_unreachable": {
    "en": "the proxy could not be connected to[ ({error})]",
    "pt-BR": "não foi possível conectar ao proxy[ ({error})]"
  },
  "error.proxy_authentication_failed": {
    "en": "the proxy refuses its user and password, or wants some",
    "pt-BR": "o proxy recusou o usuário e a senha, ou exige que haja"
  },
  "error.proxy_refused": {
    "en": "the proxy opened no tunnel to the API[ ({error})]",
    "pt-BR": "o proxy não abriu um túnel até a API[ ({error})]"
  },
  "error.proxy_failed": {
    "en": "the proxy gave no answer, or one that is not HTTP[ ({error})]",
    "pt-BR": "o proxy não respondeu, ou respondeu algo que não é HTTP[ ({error})]"
  },
  "error.connection_lost_before_send": {
    "en": "the connection closed before a byte was written",
    "pt-BR": "a conexão caiu antes de sair um byte sequer"
  },
  "error.timeout_before_send": {
    "en": "the time ran out while the request waited for a connection",
    "pt-BR": "o tempo acabou enquanto o pedido esperava uma conexão"
  },
  "error.dispatch_failed": {
    "en": "the HTTP library refused to take the request[ ({error})]",
    "pt-BR": "a biblioteca HTTP não aceitou o pedido[ ({error})]"
  },
  "error.rate_limited": {
    "en": "the API answered 429: too many requests",
    "pt-BR": "a API respondeu 429: envios demais"
  },
  "error.service_unavailable": {
    "en": "the API answered 503: it is down or overloaded",
    "pt-BR": "a API respondeu 503: está fora do ar ou sobrecarregada"
  },
  "error.authentication_failed": {
    "en": "the API refuses the account, not the message",
    "pt-BR": "a API recusou a conta, e não a mensagem"
  },
  "error.circuit_open": {
    "en": "the account's circuit opened while the row was being claimed",
    "pt-BR": "o disjuntor da conta abriu no momento em que a linha era pega"
  },
  "error.claim_late": {
    "en": "the answer to its claim came too late to send it safely",
    "pt-BR": "a confirmação de que a linha era deste syncd chegou tarde demais para enviar com segurança"
  },
  "error.aborted_before_send": {
    "en": "syncd stopped before a byte was written",
    "pt-BR": "o syncd parou antes de sair um byte sequer"
  },
  "error.client_closed": {
    "en": "syncd stopped before a byte was written",
    "pt-BR": "o syncd parou antes de sair um byte sequer"
  },
  "error.timeout": {
    "en": "no whole answer came within the time-out",
    "pt-BR": "a resposta inteira não chegou dentro do tempo limite"
  },
  "error.aborted": {
    "en": "syncd was stopped while the request was on the wire",
    "pt-BR": "o syncd foi parado com o pedido a caminho"
  },
  "error.connection_lost": {
    "en": "the connection broke after the request may have left",
    "pt-BR": "a conexão caiu quando o pedido já podia ter saído"
  },
  "error.response_incomplete": {
    "en": "the answer began but did not arrive whole",
    "pt-BR": "a resposta começou, mas não chegou inteira"
  },
  "error.response_malformed": {
    "en": "what came back is not HTTP",
    "pt-BR": "o que voltou não é HTTP"
  },
  "error.answer_out_of_step": {
    "en": "more came back than one answer, or it came too early: it may be another's",
    "pt-BR": "veio mais de uma resposta, ou veio cedo demais: pode ser a de outro pedido"
  },
  "error.redirected": {
    "en": "the API answered with a redirect, which is never followed",
    "pt-BR": "a API respondeu com um redirecionamento, que nunca é seguido"
  },
  "error.server_error": {
    "en": "the API answered with an error of its own[ ({error})]",
    "pt-BR": "a API respondeu com um erro interno dela[ ({error})]"
  },
  "error.response_empty": {
    "en": "the API answered 200 with nothing in it",
    "pt-BR": "a API respondeu 200 sem conteúdo"
  },
  "error.response_html": {
    "en": "a web page came back, as a firewall answers",
    "pt-BR": "voltou uma página da web, como as de um firewall"
  },
  "error.response_not_text": {
    "en": "something came back that is not text",
    "pt-BR": "voltou algo que não é texto"
  },
  "error.response_too_long": {
    "en": "more than 64 KiB came back, of which the rest was not read",
    "pt-BR": "voltaram mais de 64 KiB, e o resto não foi lido"
  },
  "error.response_unrecognized": {
    "en": "the API answered in words that no response rule knows[ ({error})]",
    "pt-BR": "a API respondeu com palavras que nenhuma regra de resposta conhece[ ({error})]"
  },
  "error.instance_lost": {
    "en": "the instance died, or was silent for too long, while it had the row",
    "pt-BR": "a instância caiu, ou ficou muda tempo demais, com a linha na mão"
  },
  "error.answer_forgotten": {
    "en": "the row was sending although its answer had been written: something has undone that",
    "pt-BR": "a linha estava em sending, embora a resposta já tivesse sido gravada: algo desfez a gravação"
  },
  "error.history_changed": {
    "en": "the database has lost a part of its history in which the row may have been sent[ ({error})]",
    "pt-BR": "o banco perdeu um pedaço da história, e nele a linha pode ter sido enviada[ ({error})]"
  },
  "error.row_changed": {
    "en": "Talk.me accepted the message for another recipient than the row has now",
    "pt-BR": "o Talk.me aceitou a mensagem para outro destinatário que não o que está na linha agora"
  },
  "error.claim_unsettled": {
    "en": "it was made pending past talkme.retry and talkme.resolve, although its message may have been sent",
    "pt-BR": "alguém a pôs na fila sem passar por talkme.retry nem talkme.resolve, e não sabemos se a mensagem já foi enviada"
  },
  "error.answer_refused": {
    "en": "a trigger or constraint of the database refuses what the answer says of the row[ ({error})]",
    "pt-BR": "um gatilho ou uma restrição do banco recusa o que a resposta diz da linha[ ({error})]"
  },
  "error.internal_error": {
    "en": "a defect of syncd while it handled the row: its log has the place",
    "pt-BR": "um defeito do syncd ao tratar a linha: o log dele diz onde"
  },
  "error.expired": {
    "en": "expires_at passed before it was sent",
    "pt-BR": "o prazo (expires_at) acabou antes do envio"
  },
  "error.suppressed": {
    "en": "the recipient is suppressed (talkme.suppression) and gets nothing",
    "pt-BR": "o destinatário está na lista de supressão (talkme.suppression) e não recebe nada"
  },
  "error.forgotten": {
    "en": "the person's data was erased by talkme.forget",
    "pt-BR": "os dados da pessoa foram apagados por talkme.forget"
  },
  "error.outside_window": {
    "en": "the sending window is closed where the recipient is",
    "pt-BR": "a janela de envio está fechada onde está o destinatário"
  },
  "error.recipient_gap": {
    "en": "another message went to the recipient a short time ago",
    "pt-BR": "outra mensagem foi ao destinatário há pouco"
  },
  "error.batch_paused": {
    "en": "its batch is paused (talkme.paused)",
    "pt-BR": "o lote está em pausa (talkme.paused)"
  },
  "error.held_burst": {
    "en": "its insert brought the campaign more rows than its burst_limit",
    "pt-BR": "o insert trouxe para a campanha mais linhas do que o burst_limit"
  },
  "error.held_duplicate": {
    "en": "the same recipient was given the same variables a short while ago",
    "pt-BR": "há pouco entrou outra mensagem para o mesmo destinatário com as mesmas variáveis"
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_errors() is 'What talkme.say says of an error_code';

grant execute on function talkme.phrases_of_errors() to public;
