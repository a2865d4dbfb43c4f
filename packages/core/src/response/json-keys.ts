import { plainText } from "./plain-text.ts";
import { refusalInKey } from "./refusal-words.ts";

/** What the value under a key means. */
export type KeyMeaning =
  /** Repeats the request: means nothing. */
  | "echo"
  /** Must say yes. */
  | "success"
  /** The same, or the message's protocol. */
  | "result"
  /** A count or date of success: must not be empty or zero. */
  | "done"
  /** Says no by zero or an empty list. */
  | "flag"
  | "reference"
  | "code"
  /** A sentence for people. */
  | "message"
  /** Must say no. */
  | "failure"
  | "other";

const exact = new Map<string, KeyMeaning>([
  ...meaning(
    "echo",
    `txtmsg assunto infocontato nome documento endereco bairro cep cidade estado pais geral1 geral2 geral3 geral4
     geral5 token url uri query querystring requesturi`,
  ),
  ...meaning(
    "success",
    `status success sucesso ok situacao state sent enviado enviada inserido inserida adicionado adicionada agendado
     agendada cadastrado cadastrada inserted added scheduled`,
  ),
  ...meaning("result", "result resultado retorno return response resposta"),
  ...meaning("message", "data dados"),
  ...meaning(
    "reference",
    `id protocolo protocol protocolid protocoloid idprotocolo numeroprotocolo protocolnumber reference referenceid
     referencia ref idmensagem mensagemid idmsg msgid messageid idmessage idenvio envioid uuid insertid idregistro`,
  ),
  ...meaning(
    "code",
    `code codigo cod statuscode httpstatus httpcode httpstatuscode retcode returncode resultcode codigoretorno
     codretorno responsecode codigostatus`,
  ),
]);
const aboutMessage = /mens|mess|msg|desc|detal|detail|^info|text|motiv|reason|^obs|titul|title/;
const aboutDone =
  /sucess|success|enviad|inserid|adicionad|agendad|cadastrad|sent|insert|added|schedul|accept|aceit|process|quant|^qtd|total|count|affected|rows$|linhas$/;

/** Whether something can be or was done, and to whom. */
const aboutWhether =
  /valid|whats|optin|ativ[oa]|activ|online|conect|connected|habilit|enabled|permitid|allowed|autoriz|authori[sz]|entreg|deliver|criad|creat|gravad|salv[oa]|saved|queued|enfileirad|(?:contato|contact|registro|record|destinatario|recipient|numero|number|iten|item|id|protocolo|protocol|resultado|result)s$/;

const mostKnown = 1000;
const known = new Map<string, KeyMeaning>();

/** What a key means, however it is spelled: `id_mensagem`, `idMensagem`, `ID-MENSAGEM`. */
export function keyMeaning(key: string): KeyMeaning {
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = findMeaning(key);
  if (known.size < mostKnown && key.length <= 64) known.set(key, found);
  return found;
}

function findMeaning(key: string): KeyMeaning {
  const name = plainText(key).replace(/[^a-z0-9]/g, "");
  const listed = exact.get(name);
  if (listed !== undefined) return listed;
  if (refusalInKey(key)) return "failure";
  if (aboutMessage.test(name)) return "message";
  if (aboutDone.test(name)) return "done";
  return aboutWhether.test(name) ? "flag" : "other";
}

function meaning(kind: KeyMeaning, names: string): [string, KeyMeaning][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, kind]);
}
