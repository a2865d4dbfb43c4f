/** The API's names for both methods; no other file has them. */
export const wireNames = {
  idCliente: "id_cliente",
  token: "token",
  acao: "acao",
  /** The recipient's number in method 1. */
  numDest: "num_dest",
  /** The recipient's number in method 2. */
  numeroDest: "numero_dest",
  emailDest: "email_dest",
  idCampanha: "id_campanha",
  idWpp: "id_wpp",
  txtmsg: "txtmsg",
  assunto: "assunto",
  infoContato: "info_contato",
} as const;

/** The variables that the vendor's page spells in two ways. The others have the same name here. */
export const accentedNames: Partial<Record<string, string>> = {
  endereco: "endereço",
  pais: "país",
};
