import { plainText } from "./plain-text.ts";

/** Words that deny, as whole words. */
const denials = `nao no not non none nope n nem nunca jamais never false sem without nenhum nenhuma nada nothing zero null
  undefined cannot cant ja already se if mas but ko nok err out off down stop old depois later sera will dry`;

/** Beginnings of words that refuse, put off or complain, in Portuguese and English. */
const refusals = `erro erra falh fail falt fault invalid incorre inexist insuf insucess unsuc unauth unavail unable
  unknown unsup unproc unreach undeliv indispon inativ inactiv desativ desabil desconhec desconect desligad disab disconn
  negad negat negou denie deny denial recus refus reject rejeit block bloque cancel parad pausa paused suspen encerr
  finaliz expired expirad vencid exced exceed excess esgot acab dupl repet exist aguard wait retry forbid proib excec
  excep abort timeout probl imposs impedi missing obrigat requir vazi empty ausen restric restrit banid banned blacklist
  spam descad unsub optout wrong errad stopp closed fechad manuten mainten insuff declin ignor descart discard dropped
  revog revok estour overl sobrec crash fatal warn alert aviso parcia partial perdid depreca viola conflit conflic
  mismatch incompat pend illegal ilegal denunc travad locked lockout stuck atingid reached
  skip pulad filter filtr retid adiad draft rascunh simul sandbox mock bounc defer suppress supress limited throttl
  offline critic moderac moderat moderad remov delet requeu noop unchang preview`;

/** The same, but only in texts: as keys they may name a mere figure (`limit`, `tentativas`, `expira_em`). */
const refusalsInTexts = `limit quota expir venci tente tentat tries tried again novam restant saldo fora bad`;

const wholeWord = new Set(list(denials));
const beginning = new RegExp(`(?<![a-z0-9])(?:${list(`${refusals} ${refusalsInTexts}`).join("|")})`);
/** Keys join words: `hasError`, `errormsg`, `naoenviados`. */
const inKey = new RegExp(
  [
    list(refusals).join("|"),
    `(?:^|[^a-z])(?:${list(denials).join("|")})(?:[^a-z]|$)`,
    "^nao|^not(?:sent|found|ok|done|accept)|errs?$|^err",
  ].join("|"),
);

/** Whether a text contains a word of refusal or negation. */
export function hasRefusal(text: string): boolean {
  const plain = plainText(text.replace(/([a-z])([A-Z])/g, "$1 $2"));
  if (beginning.test(plain)) return true;
  return plain.split(/[^a-z0-9]+/).some((word) => wholeWord.has(word));
}

/** Whether a key is about something that went wrong. */
export function refusalInKey(key: string): boolean {
  return inKey.test(plainText(key.replace(/([a-z])([A-Z])/g, "$1_$2")));
}

function list(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
