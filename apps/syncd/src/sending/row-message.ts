import type { Message } from "@talkme/core";
import type { ClaimedRow } from "@talkme/outbox/daemon";

/** The message that a row stands for. */
export function messageOf(row: ClaimedRow): Message {
  return {
    ...(row.numeroDest !== null && { numeroDest: row.numeroDest }),
    ...(row.emailDest !== null && { emailDest: row.emailDest }),
    ...(row.idCampanha !== null && { idCampanha: Number(row.idCampanha) }),
    ...(row.idWpp !== null && { idWpp: Number(row.idWpp) }),
    ...(row.txtmsg !== null && { txtmsg: row.txtmsg }),
    ...(row.assunto !== null && { assunto: row.assunto }),
    ...(row.infoContato !== null && { infoContato: row.infoContato }),
  };
}
