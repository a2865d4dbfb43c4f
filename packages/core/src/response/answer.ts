import type { ValidMessage } from "../message/message.ts";

/** An HTTP answer, as response rules see it. */
export interface Answer {
  readonly httpStatus: number;
  readonly contentType?: string | undefined;
  /** The body as text, up to 64 KiB. */
  readonly body: string;
  /** False if the body is compressed or contains control characters. Default: true. */
  readonly isText?: boolean | undefined;
  /** True if the body was longer than `body`. Default: false. */
  readonly isCut?: boolean | undefined;
  /** Numbers of the request: an echo of them is not a reference. */
  readonly sent?: SentFacts | undefined;
}

/** The numbers of a request that an answer may repeat. */
export interface SentFacts extends Pick<ValidMessage, "numeroDest" | "idCampanha" | "idWpp" | "infoContato"> {
  readonly idCliente?: string | undefined;
}
