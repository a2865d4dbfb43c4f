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
    "Defina TALKME_METRICS_TOKEN (e o mesmo token no Prometheus); ou deixe só o Prometheus passar pelo firewall ou pela network policy, e defina como off.",
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
  answers: (origin: string, proxy: string | null, inTheClear: boolean) =>
    say(
      `${origin} answers${proxy === null ? "" : ` through the proxy ${proxy}`}; nothing was sent.${inTheClear ? " It is not encrypted." : ""}`,
      `${origin} responde${proxy === null ? "" : ` pelo proxy ${proxy}`}; nada foi enviado.${inTheClear ? " Não é criptografado." : ""}`,
    ),
  unreachable: (origin: string, why: string, proxy?: string) =>
    say(
      `${origin} cannot be reached${proxy === undefined ? "" : ` through the proxy ${proxy}`}: ${why}.`,
      `não foi possível chegar a ${origin}${proxy === undefined ? "" : ` pelo proxy ${proxy}`}: ${why}.`,
    ),
  unresolved: say(
    "The host's name cannot be resolved: correct the base URL, or this machine's DNS. Behind a proxy, set TALKME_PROXY_URL.",
    "O nome do servidor não foi encontrado: corrija a URL base ou o DNS desta máquina. Atrás de um proxy, defina TALKME_PROXY_URL.",
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

export const proxies = {
  certificate: say(
    "The proxy's certificate does not prove its name: check TALKME_PROXY_URL, the machine's clock and its certificate authorities (NODE_EXTRA_CA_CERTS).",
    "O certificado do proxy não comprova o nome dele: confira TALKME_PROXY_URL, o relógio da máquina e as autoridades certificadoras dela (NODE_EXTRA_CA_CERTS).",
  ),
  unreachable: say(
    "Check host, port and scheme in TALKME_PROXY_URL, the firewall, and that the proxy runs.",
    "Confira servidor, porta e esquema em TALKME_PROXY_URL, o firewall, e se o proxy está no ar.",
  ),
  authentication: say(
    "Correct user and password in TALKME_PROXY_URL (http://user:password@host:port, percent-encoded). If the proxy takes no Basic authentication, have it let this machine through without.",
    "Corrija usuário e senha em TALKME_PROXY_URL (http://usuario:senha@servidor:porta, com percent-encoding). Se o proxy não aceita autenticação Basic, peça que ele libere esta máquina sem senha.",
  ),
  refused: say(
    "Have the proxy allow CONNECT to this host and port; a 502, 503 or 504 says that the proxy itself cannot reach it.",
    "Peça que o proxy permita CONNECT a este servidor e porta; 502, 503 ou 504 diz que o próprio proxy não chega lá.",
  ),
  failed: say(
    "Check that TALKME_PROXY_URL is an HTTP proxy's, with the right port, and http:// or https:// as the proxy itself speaks.",
    "Confira se TALKME_PROXY_URL é de um proxy HTTP, com a porta certa, e http:// ou https:// como o próprio proxy fala.",
  ),
  certificateAtTheEnd: say(
    "The certificate at the end of the proxy's tunnel does not prove the API's name. A proxy that opens TLS has an authority of its own: name its certificate in NODE_EXTRA_CA_CERTS, or have the proxy leave this host alone. Check the machine's clock, too.",
    "O certificado no fim do túnel do proxy não comprova o nome da API. Um proxy que abre o TLS tem autoridade própria: indique o certificado dela em NODE_EXTRA_CA_CERTS, ou peça que o proxy não mexa neste servidor. Confira também o relógio da máquina.",
  ),
  silentTunnel: say(
    "The proxy opened a tunnel, and the API did not answer at its end: ask who runs the proxy.",
    "O proxy abriu um túnel, e a API não respondeu no fim dele: fale com quem cuida do proxy.",
  ),
  unused: (name: string) =>
    say(
      `${name} is set, and syncd does not use it: if this machine needs a proxy, put its URL into TALKME_PROXY_URL.`,
      `${name} está definida, e o syncd não a usa: se esta máquina precisa de proxy, ponha a URL dele em TALKME_PROXY_URL.`,
    ),
  notUsed: (variables: readonly string[], direct: readonly string[]) =>
    say(
      `${variables.join(", ")} ${variables.length === 1 ? "is" : "are"} set and not used: only TALKME_PROXY_URL counts. Connected to directly: the API of ${direct.join(", ")}.`,
      `${variables.join(", ")}: ${variables.length === 1 ? "definida, mas não usada" : "definidas, mas não usadas"}; só TALKME_PROXY_URL conta. Conexão direta: a API de ${direct.join(", ")}.`,
    ),
};
