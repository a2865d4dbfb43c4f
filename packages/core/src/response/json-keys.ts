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
  return aboutDone.test(name) ? "done" : "other";
}

function meaning(kind: KeyMeaning, names: string): [string, KeyMeaning][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, kind]);
}
