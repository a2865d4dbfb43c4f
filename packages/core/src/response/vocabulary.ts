/** Words that say yes. Like all words here, without accents and in lower case. */
export const successWords: readonly string[] = words(`
  sucesso ok success successful successfully
  inserido inserida inseridos inseridas enviado enviada enviados enviadas
  adicionado adicionada adicionados adicionadas agendado agendada agendados agendadas
  cadastrado cadastrada cadastrados cadastradas
  sent inserted added scheduled
`);

/**
 * Neutral words allowed beside one that says yes. Words that could begin a refusal or a condition do not belong here,
 * however common: `sem`, `no`, `ja`, `se`, `be`, `in`.
 */
export const neutralWords: readonly string[] = words(`
  a o os as um uma de do da dos das em e com para pra por pelo pela ao na foi foram sua seu
  registro registros contato contatos mensagem mensagens whatsapp whats email campanha lista fila canal numero
  telefone celular destinatario cliente dados protocolo id referencia ref status situacao retorno resultado
  resposta api sistema envio data hora total talk uuid
  realizado realizada efetuado efetuada concluido concluida feito feita processado processada executado executada
  recebido recebida aceito aceita criado criada registrado registrada salvo salva gravado gravada incluido incluida
  solicitacao requisicao operacao transacao pedido
  the an was were has have been to for of on into with and your message messages contact contacts request number
  phone campaign channel list queue queued record row recipient reference protocol result response done completed
  complete processed received accepted created saved operation date time it
`);

/** Labels of a number, however short, that identifies the message. */
export const referenceLabels: ReadonlySet<string> = new Set(
  words("id protocolo protocol ref referencia reference uuid"),
);

/** Labels of a number that identifies something else. */
export const otherLabels: ReadonlySet<string> = new Set(
  words("campanha campaign canal channel cliente numero number telefone phone celular"),
);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
