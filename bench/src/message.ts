/** The account that every contender sends from: the one of the API's documentation. */
export const account = { idCliente: "123", token: "XJS83HAUQORDIGHA82" } as const;

/** The message that every contender sends: a template with variables. */
export const apiPath = `/dbdial_webapi.php?acao=envio_whats_simples_v2&id_cliente=${account.idCliente}&token=${account.token}`;

export const numeroDest = "11988887777";

export const infoContato = { nome: "Fulano de tal", geral1: "R$ 10,00", geral2: "12/11/2026" };

/** The body that syncd builds from a row; the peers get it ready in their job. */
export function bodyFor(idCampanha: number): Record<string, unknown> {
  return {
    numero_dest: numeroDest,
    id_campanha: idCampanha,
    info_contato: { documento: numeroDest, telefone1: numeroDest, ...infoContato },
  };
}
