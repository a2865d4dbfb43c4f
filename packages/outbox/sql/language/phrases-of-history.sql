-- After a failover, a restore or a copy.
create or replace function talkme.phrases_of_history() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "history_notice": {
    "en": "Nothing is sent: this is not the database in which the messages were last marked ({changes})[, noticed at {since:time}][{unnoticed}]. Messages that were sent after the last mark that it has would be sent again. Look at talkme.history_doubts(); then, as a member of talkme_operator, select talkme.acknowledge_history('why')[, from {acknowledgeable_at:time} on].[ The instances remember {missing_claims} {missing_claims|claim|claims} that it has lost.]",
    "pt-BR": "Nada sai: este não é o banco em que as mensagens foram marcadas por último ({changes})[, notado em {since:time}][{unnoticed}]. O que foi enviado depois da última marca que ele tem seria enviado de novo. Olhe talkme.history_doubts(); depois, como membro de talkme_operator, select talkme.acknowledge_history('motivo')[, a partir de {acknowledgeable_at:time}].[ As instâncias se lembram de {missing_claims} {missing_claims|envio iniciado|envios iniciados} que ele perdeu.]"
  },
  "history_notice.system": {
    "en": "system identifier {system_identifier} instead of {was_system_identifier}",
    "pt-BR": "identificador do servidor {system_identifier} em vez de {was_system_identifier}"
  },
  "history_notice.timeline": {
    "en": "timeline {timeline} instead of {was_timeline}",
    "pt-BR": "linha do tempo (timeline) {timeline} em vez de {was_timeline}"
  },
  "history_notice.unnoticed": {
    "en": ", which no instance of syncd has noticed yet",
    "pt-BR": ", o que nenhuma instância do syncd notou ainda"
  },
  "acknowledge.reason": {
    "en": "an acknowledgement needs a reason",
    "pt-BR": "o reconhecimento precisa de um motivo"
  },
  "acknowledge.reason.hint": {
    "en": "Say what happened and what you looked at: talkme.acknowledge_history('failover to b; the rows of history_doubts() are resolved').",
    "pt-BR": "Diga o que houve e o que você conferiu: talkme.acknowledge_history('failover para b; as linhas de history_doubts() estão resolvidas')."
  },
  "acknowledge.unchanged": {
    "en": "there is nothing to acknowledge: the database is the one in which the messages were marked",
    "pt-BR": "não há o que reconhecer: o banco é o mesmo em que as mensagens foram marcadas"
  },
  "acknowledge.unchanged.hint": {
    "en": "talkme.history says when it was last acknowledged, by whom, and why.",
    "pt-BR": "talkme.history diz quando foi o último reconhecimento, de quem e por quê."
  },
  "acknowledge.early": {
    "en": "the change can be acknowledged from {at:time} on",
    "pt-BR": "a mudança só pode ser reconhecida a partir de {at:time}"
  },
  "acknowledge.early.hint": {
    "en": "By then, a lease and the longest request after it was noticed, the instances have written down what they remember of it, and nothing that they claimed before is on the wire any more. talkme.check_history() notices a change where no instance of syncd runs.",
    "pt-BR": "Até lá (um prazo de vida, lease, e a requisição mais longa depois de notada), as instâncias já anotaram o que lembram, e nada do que pegaram antes está mais a caminho. Onde não há syncd no ar, talkme.check_history() nota a mudança."
  },
  "acknowledge.done": {
    "en": "Acknowledged: timeline {timeline} of server {server} is the history from now on. Rows that are pending are sent.",
    "pt-BR": "Reconhecido: a linha do tempo (timeline) {timeline} do servidor {server} é a história daqui em diante. As linhas na fila (pending) voltam a sair."
  },
  "local_claims.reason": {
    "en": "allowing local claims needs a reason",
    "pt-BR": "liberar sem standby precisa de um motivo"
  },
  "local_claims.reason.hint": {
    "en": "Say why a standby confirms claims no longer: talkme.allow_local_claims('the standby is gone for good').",
    "pt-BR": "Diga por que não há mais standby que confirme: talkme.allow_local_claims('o standby foi desativado')."
  },
  "local_claims.unchanged": {
    "en": "Instances with TALKME_CLAIM_DURABILITY=local may claim: nothing has changed.",
    "pt-BR": "Instâncias com TALKME_CLAIM_DURABILITY=local já podem enviar: nada mudou."
  },
  "local_claims.done": {
    "en": "Instances with TALKME_CLAIM_DURABILITY=local claim again. After a failover, nothing is sent until a person acknowledges it.",
    "pt-BR": "Instâncias com TALKME_CLAIM_DURABILITY=local voltam a enviar. Depois de um failover, nada sai até que uma pessoa o reconheça."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_history() is 'What talkme.say says of a database that is not the acknowledged one';

grant execute on function talkme.phrases_of_history() to public;
