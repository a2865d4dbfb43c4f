-- Pauses, suppressions and erasure: what was done, and what is refused.
create or replace function talkme.phrases_of_holds() returns jsonb
language sql immutable parallel safe
as $$ select $phrases${
  "scope.valid": {
    "en": "{scope:literal} is not a valid scope",
    "pt-BR": "{scope:literal} não é um escopo válido"
  },
  "scope.valid.hint": {
    "en": "Give 'all', 'account:NAME', 'campaign:ID', 'channel:ID' or 'batch:ID'.",
    "pt-BR": "Informe 'all', 'account:NOME', 'campaign:ID', 'channel:ID' ou 'batch:ID'."
  },
  "scope.batch": {
    "en": "there is no batch {id}, or it is not yours",
    "pt-BR": "o lote {id} não existe ou não é seu"
  },
  "scope.batch.hint": {
    "en": "Your batches: select id, name from talkme.batches.",
    "pt-BR": "Os seus lotes: select id, name from talkme.batches."
  },
  "scope.producer": {
    "en": "a producer pauses and resumes its own batches only, a member of talkme_marketing also the campaigns that it was granted",
    "pt-BR": "um produtor só pausa e libera os próprios lotes; um membro de talkme_marketing, também as campanhas que recebeu"
  },
  "scope.producer.hint": {
    "en": "Give 'batch:ID' or 'campaign:ID' of yours, or ask a member of talkme_operator.",
    "pt-BR": "Informe um 'batch:ID' ou 'campaign:ID' seu, ou peça a um membro de talkme_operator."
  },
  "pause.reason": {
    "en": "a pause needs a reason",
    "pt-BR": "a pausa precisa de um motivo"
  },
  "pause.reason.hint": {
    "en": "Whoever finds the rows waiting reads it: talkme.pause('campaign:123', 'wrong price in the template').",
    "pt-BR": "Quem achar as linhas paradas vai lê-lo: talkme.pause('campaign:123', 'preço errado no modelo')."
  },
  "pause.done": {
    "en": "{scope} is paused: none of its rows is claimed from now on. What is on the wire is finished. talkme.resume({scope:literal}) ends it.",
    "pt-BR": "{scope} está em pausa: daqui em diante nenhuma linha sai. O que já está a caminho termina. talkme.resume({scope:literal}) libera."
  },
  "pause.idle": {
    "en": "No row of it waits at the moment: is the name right?",
    "pt-BR": "Nenhuma linha espera nele agora: o nome está certo?"
  },
  "resume.resumed": {
    "en": "{scope} is no longer paused.",
    "pt-BR": "{scope} não está mais em pausa."
  },
  "resume.held": {
    "en": "{held:number} held {held|row|rows} of {scope} may go.",
    "pt-BR": "{held:number} {held|linha retida|linhas retidas} de {scope} {held|está liberada|estão liberadas}."
  },
  "resume.put_off": {
    "en": "{put_off:number} {put_off|row|rows} of {scope} that {put_off|was|were} put off {put_off|is|are} looked at again.",
    "pt-BR": "{put_off:number} {put_off|linha adiada|linhas adiadas} de {scope} {put_off|volta|voltam} a ser {put_off|avaliada|avaliadas}."
  },
  "resume.trials": {
    "en": "{scope}: {circuits} open {circuits|circuit|circuits} and {lanes} quiet {lanes|campaign or channel|campaigns or channels} are tried with one row each.",
    "pt-BR": "{scope}: {circuits} {circuits|disjuntor aberto|disjuntores abertos} e {lanes} {lanes|campanha ou canal à espera|campanhas ou canais à espera} são testados com uma linha cada."
  },
  "resume.nothing": {
    "en": "Nothing of {scope} was paused, held or stopped by a circuit.",
    "pt-BR": "Nada de {scope} estava em pausa, retido ou parado por um disjuntor."
  },
  "resume.others": {
    "en": "Paused still: {others}.",
    "pt-BR": "Continua em pausa: {others}."
  },
  "recipient.unreadable": {
    "en": "this is neither a telephone number nor an e-mail address",
    "pt-BR": "isto não é nem um número de telefone nem um endereço de e-mail"
  },
  "recipient.unreadable.hint": {
    "en": "Write it as in numero_dest or email_dest: DDD and number, + and the full number of another country, or one address. A number with a DDD or a country code that does not exist is none.",
    "pt-BR": "Escreva como em numero_dest ou email_dest: DDD e número, + e o número completo de outro país, ou um endereço. Número com DDD ou código de país que não existe não vale."
  },
  "suppress.reason": {
    "en": "a suppression needs a reason",
    "pt-BR": "a supressão precisa de um motivo"
  },
  "suppress.reason.hint": {
    "en": "Such as talkme.suppress('11988887777', 'asked to be left alone').",
    "pt-BR": "Por exemplo: talkme.suppress('11988887777', 'pediu para não receber')."
  },
  "suppress.done": {
    "en": "The recipient gets nothing from now on. {cancelled:number} waiting {cancelled|row was|rows were} cancelled[; {on_wire:number} {on_wire|is|are} on the wire and cannot be called back][; {locked:number} could not be changed: each is cancelled at its turn, unless it is being claimed at this moment]. talkme.unsuppress takes it back.",
    "pt-BR": "O destinatário não recebe mais nada. {cancelled:number} {cancelled|linha que esperava foi cancelada|linhas que esperavam foram canceladas}[; {on_wire:number} já {on_wire|está|estão} a caminho e não {on_wire|tem|têm} volta][; {locked:number} não {locked|pôde ser alterada: é cancelada|puderam ser alteradas: cada uma é cancelada} na sua vez, a não ser que esteja saindo neste momento]. talkme.unsuppress desfaz."
  },
  "unsuppress.none": {
    "en": "The recipient was not suppressed.",
    "pt-BR": "O destinatário não estava na lista de supressão."
  },
  "unsuppress.done": {
    "en": "The recipient may be written to again. Rows that were cancelled stay so; talkme.retry brings one back.",
    "pt-BR": "Já se pode escrever ao destinatário de novo. As linhas canceladas continuam canceladas; talkme.retry traz uma de volta."
  },
  "forget.unreadable": {
    "en": "talkme.forget: this is neither a telephone number nor an e-mail address",
    "pt-BR": "talkme.forget: isto não é nem um número de telefone nem um endereço de e-mail"
  },
  "forget.unreadable.hint": {
    "en": "Write it as in numero_dest, such as 11988887777, or as in email_dest, such as fulano@example.com.",
    "pt-BR": "Escreva como em numero_dest, por exemplo 11988887777, ou como em email_dest, por exemplo fulano@example.com."
  },
  "forget.reason": {
    "en": "talkme.forget: the reason names the person who is to be forgotten",
    "pt-BR": "talkme.forget: o motivo identifica a pessoa cujos dados devem ser apagados"
  },
  "forget.reason.hint": {
    "en": "It is kept in talkme.audit. Give the number of the request instead.",
    "pt-BR": "Ele fica guardado em talkme.audit. Informe, no lugar, o número do pedido."
  },
  "forget.nothing": {
    "en": "Nothing is kept of this recipient.",
    "pt-BR": "Não há nada guardado deste destinatário."
  },
  "forget.no_message": {
    "en": "No message to this recipient is kept.",
    "pt-BR": "Não há mensagens guardadas deste destinatário."
  },
  "forget.lists": {
    "en": "{lines:number} {lines|line|lines} of lists {lines|is|are} deleted.",
    "pt-BR": "{lines:number} {lines|linha|linhas} de listas {lines|foi apagada|foram apagadas}."
  },
  "forget.done": {
    "en": "Forgotten: {waited:number} {waited|row|rows} that waited {waited|is|are} cancelled, {on_wire:number} on the wire will keep no answer, {doubted:number} of which nobody knew whether they were sent {doubted|is|are} failed, {ended:number} that had ended {ended|is|are} blanked; {blanked:number} had been blanked before. {attempts:number} {attempts|attempt|attempts} lost what they said.",
    "pt-BR": "Apagado: {waited:number} {waited|linha que esperava foi cancelada|linhas que esperavam foram canceladas}; {on_wire:number} a caminho não {on_wire|vai|vão} guardar resposta; {doubted:number} que não sabíamos se {doubted|tinha sido enviada passou|tinham sido enviadas passaram} a failed; {ended:number} já {ended|encerrada perdeu|encerradas perderam} os dados pessoais; {blanked:number} já não os {blanked|tinha|tinham}. {attempts:number} {attempts|tentativa perdeu|tentativas perderam} o que {attempts|dizia|diziam}."
  },
  "forget.suppressed": {
    "en": "The recipient stays in talkme.suppression, and gets nothing: talkme.unsuppress removes it.",
    "pt-BR": "O destinatário continua em talkme.suppression e não recebe nada: talkme.unsuppress o tira de lá."
  },
  "forget.not_suppressed": {
    "en": "The recipient is not suppressed: what is inserted from now on is sent.",
    "pt-BR": "O destinatário não está na lista de supressão: o que for inserido daqui em diante é enviado."
  },
  "retention.batch": {
    "en": "talkme.apply_retention: a batch cannot have {batch} rows",
    "pt-BR": "talkme.apply_retention: um lote não pode ter {batch} linhas"
  },
  "retention.busy": {
    "en": "Another session is doing it.",
    "pt-BR": "Outra sessão já está fazendo isso."
  },
  "retention.done": {
    "en": "Nothing is left to do.",
    "pt-BR": "Não há mais nada a fazer."
  },
  "retention.deleted": {
    "en": "Deleted {rows:number} {rows|row|rows} {after} after their end.",
    "pt-BR": "{rows:number} {rows|linha excluída|linhas excluídas}, {after} depois do fim."
  },
  "retention.blanked": {
    "en": "Blanked {rows:number} {rows|row|rows} {after} after their end.",
    "pt-BR": "{rows:number} {rows|linha ficou|linhas ficaram} sem os dados pessoais, {after} depois do fim."
  },
  "retention.refused": {
    "en": "{rows:number} could not be: {refusal}.",
    "pt-BR": "{rows:number} não {rows|pôde|puderam}: {refusal}."
  },
  "retention.attempts": {
    "en": "Deleted {rows:number} {rows|attempt|attempts} of no month.",
    "pt-BR": "{rows:number} {rows|tentativa sem mês excluída|tentativas sem mês excluídas}."
  },
  "retention.dropped": {
    "en": "Dropped talkme.{partition}.",
    "pt-BR": "A partição talkme.{partition} foi removida."
  },
  "retention.in_use": {
    "en": "A partition of talkme.attempt is in use: it is dropped another time.",
    "pt-BR": "Uma partição de talkme.attempt está em uso: fica para outra vez."
  },
  "retention.recipients": {
    "en": "Deleted {rows:number} {rows|recipient|recipients} of talkme.gap_claim.",
    "pt-BR": "{rows:number} {rows|destinatário excluído|destinatários excluídos} de talkme.gap_claim."
  },
  "retention.batch.hint": {
    "en": "Give a number from 1 to 10000; 1000 is usual.",
    "pt-BR": "Informe um número de 1 a 10000; o usual é 1000."
  }
}$phrases$::jsonb $$;

comment on function talkme.phrases_of_holds() is 'What talkme.say says of pauses, suppressions and erasure';

grant execute on function talkme.phrases_of_holds() to public;
