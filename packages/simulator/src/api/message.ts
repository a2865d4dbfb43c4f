/** A message as the API understood it: valid, with canonical (unaccented) variable names. */
export interface Message {
  /** The action as the client spelled it. */
  readonly acao: string;
  readonly idCliente: string;
  /** As it was on the wire, digits only; null in an e-mail message. */
  readonly numeroDest: string | null;
  readonly emailDest: string | null;
  readonly idCampanha: number | null;
  readonly idWpp: number | null;
  readonly txtmsg: string | null;
  readonly assunto: string | null;
  /** Null in method 1, which has no variables. */
  readonly infoContato: Readonly<Record<string, string>> | null;
}
