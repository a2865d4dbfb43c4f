import { say } from "../text.ts";

/** Findings about this machine: its settings, its port and the way to the API. */
export const settings = {
  correct: say("Correct it.", "Corrija."),
  correctFromPage: say(
    "Correct it: docs/configuration.md lists all settings.",
    "Corrija: docs/configuration.md tem a lista de todas as configurações.",
  ),
  unrecognised: (names: readonly string[]) =>
    say(
      `${names.join(", ")}: unknown to syncd and not used.`,
      `${names.join(", ")}: o syncd não conhece e não usa.`,
    ),
  correctName: say("Correct the name, or remove the variable.", "Corrija o nome ou tire a variável."),
  resends: say(
    "TALKME_ON_UNKNOWN is resend: what may have been sent is sent again.",
    "TALKME_ON_UNKNOWN é resend: o que talvez já tenha sido enviado é enviado de novo.",
  ),
  useHold: say(
    "Use hold, and on_unknown = 'resend' only for rows that may reach a person twice.",
    "Use hold, e on_unknown = 'resend' só nas linhas que a pessoa pode receber duas vezes.",
  ),
  drainTooShort: (drainMs: number, requestMs: number) =>
    say(
      `TALKME_DRAIN_TIMEOUT_MS (${drainMs}) is shorter than TALKME_REQUEST_TIMEOUT_MS (${requestMs}): a stop may leave rows unknown.`,
      `TALKME_DRAIN_TIMEOUT_MS (${drainMs}) é menor que TALKME_REQUEST_TIMEOUT_MS (${requestMs}): ao parar, algumas linhas podem ficar unknown.`,
    ),
  drainLonger: say(
    "Make the drain timeout at least as long as the request timeout.",
    "Deixe o primeiro pelo menos igual ao segundo.",
  ),
  complete: (accounts: readonly string[]) =>
    say(`complete; accounts: ${accounts.join(", ")}.`, `completa; contas: ${accounts.join(", ")}.`),
  belowFloor: (setting: string, given: string, account: string, shortest: string) =>
    say(
      `TALKME_CONFIG: ${setting} ${given} of the account ${account} is not in days, or less than ${shortest}, the shortest that syncd may set; who owns the schema talkme lowers it in talkme.retention_floor.`,
      `TALKME_CONFIG: ${setting} ${given} da conta ${account} não está em dias, ou é menos que ${shortest}, o mínimo que o syncd pode definir; o dono do esquema talkme reduz o mínimo em talkme.retention_floor.`,
    ),
  keepLonger: say(
    "Keep rows longer, or have the owner of the schema update talkme.retention_floor.",
    "Guarde as linhas por mais tempo, ou peça ao dono do esquema que mude talkme.retention_floor.",
  ),
  retentionConflict: (account: string, retention: string, deleteAfter: string) =>
    say(
      `TALKME_CONFIG: together with the settings already in the database, rows of the account ${account} would be deleted after ${deleteAfter}, before they are blanked after ${retention}.`,
      `TALKME_CONFIG: somando o que já está no banco, as linhas da conta ${account} seriam apagadas depois de ${deleteAfter}, antes de perder os dados pessoais depois de ${retention}.`,
    ),
  setBothPeriods: (account: string) => {
    const query = `select * from talkme.account where account = '${account}';`;
    return say(
      `Set both periods in the file, or correct the database: ${query}`,
      `Defina os dois prazos no arquivo, ou corrija o banco: ${query}`,
    );
  },
};

export const http = {
  open: (place: string) =>
    say(
      `${place} is open to other machines: anybody who can connect can read the metrics.`,
      `${place} está aberto a outras máquinas: quem conseguir conectar lê as métricas.`,
    ),
  protect: say(
    "Set TALKME_METRICS_TOKEN (and the same token in Prometheus); or admit only Prometheus by a firewall or network policy, and set it to off.",
    "Defina TALKME_METRICS_TOKEN (e o mesmo token no Prometheus); ou deixe só o Prometheus passar pelo firewall ou pela network policy, e ponha off.",
  ),
  free: (place: string) => say(`${place} is free.`, `${place} está livre.`),
  running: (place: string) =>
    say(`${place} is in use by a running syncd.`, `${place} está em uso por um syncd que já roda.`),
  cannotListen: (place: string, code: string) =>
    say(`cannot listen on ${place} (${code}).`, `não dá para escutar em ${place} (${code}).`),
  otherPort: say(
    "Another program uses the port: choose another TALKME_HTTP_PORT, or 0 for any free one.",
    "Outro programa usa a porta: escolha outra em TALKME_HTTP_PORT, ou 0 para qualquer porta livre.",
  ),
  ownAddress: say(
    "Set TALKME_HTTP_HOST to an address of this machine, and TALKME_HTTP_PORT to a port from 1024 on.",
    "Em TALKME_HTTP_HOST ponha um endereço desta máquina, e em TALKME_HTTP_PORT uma porta a partir de 1024.",
  ),
};

export const api = {
  notEncrypted: (origin: string) =>
    say(
      `${origin} is not encrypted: the token travels in the clear.`,
      `${origin} não é criptografado: o token viaja aberto pela rede.`,
    ),
  useHttps: say("Use an https:// base URL.", "Use uma URL base com https://."),
  answersInTheClear: (origin: string) =>
    say(
      `${origin} answers; nothing was sent. It is not encrypted.`,
      `${origin} responde; nada foi enviado. Não é criptografado.`,
    ),
  answers: (origin: string) =>
    say(`${origin} answers; nothing was sent.`, `${origin} responde; nada foi enviado.`),
  unreachable: (origin: string, why: string) =>
    say(`${origin} cannot be reached: ${why}.`, `não foi possível chegar a ${origin}: ${why}.`),
  unresolved: say(
    "The host's name cannot be resolved: correct the base URL, or this machine's DNS.",
    "O nome do servidor não foi encontrado: corrija a URL base ou o DNS desta máquina.",
  ),
  certificate: say(
    "The certificate does not prove the host's name: check the base URL, the machine's clock and its certificate authorities (NODE_EXTRA_CA_CERTS).",
    "O certificado não comprova o nome do servidor: confira a URL base, o relógio da máquina e as autoridades certificadoras dela (NODE_EXTRA_CA_CERTS).",
  ),
  firewall: say(
    "Check the base URL and the firewall: this machine must reach it directly, or through the proxy of TALKME_PROXY_URL.",
    "Confira a URL base e o firewall: esta máquina precisa chegar lá direto, ou pelo proxy de TALKME_PROXY_URL.",
  ),
};
