import type { ValidMessage } from "../message/message.ts";

/** An HTTP answer, as response rules see it. */
export interface Answer {
  readonly httpStatus: number;
  readonly contentType?: string | undefined;
  /** The body as text, up to 64 KiB. */
  readonly body: string;
  /** False when the body is compressed, or holds control characters. Default: true. */
  readonly isText?: boolean | undefined;
  /** True when the body was longer than `body` is. Default: false. */
  readonly isCut?: boolean | undefined;
  /** What was asked for: an echo of the recipient's number or of the campaign is no protocol. */
  readonly sent?: SentFacts | undefined;
}

/** The numbers of a request that an answer may repeat. */
export interface SentFacts extends Pick<ValidMessage, "numeroDest" | "idCampanha" | "idWpp" | "infoContato"> {
  readonly idCliente?: string | undefined;
}
