/** An HTTP answer, as response rules see it. */
export interface Answer {
  readonly httpStatus: number;
  readonly contentType?: string | undefined;
  /** The body as text, up to 64 KiB. */
  readonly body: string;
  /** False when the body is compressed, or holds control characters. Default: true. */
  readonly isText?: boolean | undefined;
}
